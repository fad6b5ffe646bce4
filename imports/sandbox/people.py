"""The profiles of one database, kept in memory, and the indexes by which they are found.

A profile lies as its JSON text: bytes are small and the garbage collector never visits them, so that a million people
cost neither gigabytes nor pauses. Not safe for threads by itself: the platform's lock guards it.
"""

from typing import Any

import orjson

from .catalogue import DatabaseInfo
from .fields import Check
from .subscriptions import contact_key

Profile = dict[str, Any]
Found = str | tuple[str, ...]  # one profile id, or several where the value is not unique
Index = dict[Any, Found]
Place = tuple[Index, Any]
CONTACT_CHANNELS = ("email", "sms", "push")  # the channels one can match by


class People:
    """Profiles by id, with an index for email, phones and contacts; custom fields are indexed when first asked for."""

    def __init__(self, info: DatabaseInfo) -> None:
        self.info = info
        self.checks: dict[str, Check] = {field.name: field.check() for field in info.all_fields()}
        self.kinds: dict[str, str] = {field.name: field.kind for field in info.all_fields()}
        self.texts: dict[str, bytes] = {}
        self.by_email: Index = {}
        self.by_phone: Index = {}
        self.by_contact: dict[str, Index] = {channel: {} for channel in CONTACT_CHANNELS}
        self.by_field: dict[str, Index] = {}
        self.by_subscription_field: dict[str, Index] = {}

    def get(self, profile_id: str) -> Profile:
        """A fresh copy. Raises KeyError."""
        profile: Profile = orjson.loads(self.texts[profile_id])
        return profile

    def insert(self, profile_id: str, profile: Profile) -> None:
        self.texts[profile_id] = _text(profile)
        for index, key in self._places(profile):
            if index.setdefault(key, profile_id) is not profile_id:
                _enter(index, key, profile_id)

    def replace(self, profile_id: str, before: Profile, after: Profile) -> None:
        """Put `after` in place of `before`, which must be what `get` answers now."""
        self.texts[profile_id] = _text(after)
        old, new = self._places(before), self._places(after)
        if [key for _, key in old] != [key for _, key in new] or len(old) != len(new):
            for index, key in old:
                _leave(index, key, profile_id)
            for index, key in new:
                _enter(index, key, profile_id)

    def field_index(self, name: str) -> Index:
        """By the value of a field; built from all profiles when first asked for, kept up from then on."""
        if name not in self.by_field:
            index = self.by_field[name] = {}
            for profile_id in self.texts:
                if name in (profile := self.get(profile_id)):
                    _enter(index, self.field_key(name, profile[name]), profile_id)
        return self.by_field[name]

    def subscription_field_index(self, name: str) -> Index:
        """By the value of a custom field of a subscription; built like `field_index`."""
        if name not in self.by_subscription_field:
            index = self.by_subscription_field[name] = {}
            for profile_id in self.texts:
                for value in subscription_values(self.get(profile_id), name):
                    _enter(index, str(value), profile_id)
        return self.by_subscription_field[name]

    def field_key(self, name: str, value: Any) -> Any:
        """What two equal values have in common: `field_value` may be int or string, tags are one combination."""
        if self.kinds[name] == "tags":
            return tuple(sorted(map(str, value) if type(value) is list else map(str.strip, str(value).split(","))))
        return str(value)

    def _places(self, profile: Profile) -> list[Place]:
        places: list[Place] = []
        email = profile.get("email")
        if email is not None:
            places.append((self.by_email, email.lower()))
        for number in profile.get("phones", ()):
            places.append((self.by_phone, number))
        for subscription in profile.get("subscriptions", ()):
            channel = subscription["channel"]
            if channel in self.by_contact:
                places.append((self.by_contact[channel], contact_key(subscription)))
        for name, index in self.by_field.items():
            if name in profile:
                places.append((index, self.field_key(name, profile[name])))
        for name, index in self.by_subscription_field.items():
            places += [(index, str(value)) for value in subscription_values(profile, name)]
        return places


def _text(profile: Profile) -> bytes:
    """A copy, because what orjson.dumps returns keeps the 8 KB it was written into for as long as it lives."""
    return bytes(memoryview(orjson.dumps(profile)))


def subscription_values(profile: Profile, name: str) -> list[Any]:
    """The values a custom subscription field has in the profile's subscriptions, also in one not yet checked."""
    given = profile.get("subscriptions")
    custom = [kept.get("custom_fields") for kept in given if type(kept) is dict] if type(given) is list else []
    return [fields[name] for fields in custom if type(fields) is dict and name in fields]


def _enter(index: Index, key: Any, profile_id: str) -> None:
    kept = index.get(key)
    if kept is None:
        index[key] = profile_id
    elif kept != profile_id and profile_id not in ids_of(kept):
        index[key] = (*ids_of(kept), profile_id)


def _leave(index: Index, key: Any, profile_id: str) -> None:
    left = tuple(known for known in ids_of(index.get(key, ())) if known != profile_id)
    if left:
        index[key] = left[0] if len(left) == 1 else left
    else:
        index.pop(key, None)


def ids_of(found: Found) -> tuple[str, ...]:
    return (found,) if isinstance(found, str) else found
