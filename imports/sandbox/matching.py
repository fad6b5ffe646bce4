"""The eleven matching modes: where each looks, and which value a profile or a single request must give.

Source: "Matching" (modes and required fields); profiles/import_batch and workflows/import_and_start_batch for batches,
whose tables put the value on the request while every example puts it into the profile; the examples are followed.
"""

from collections.abc import Callable, Iterable
from typing import Any

from .errors import CallRefused, Refused
from .people import Index, People, Place, Profile, ids_of, subscription_values
from .subscriptions import contact_key, written_contacts

# for each mode by contact: what is read from the profile, and the indexes it is looked up in
_CONTACT_MODES: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "email": (("email", ("by_email", "email")),),
    "email_profile": (("email", ("by_email",)),),
    "email_sub": (("email_sub", ("email",)),),
    "phone": (("phones", ("by_phone", "sms")),),
    "phone_sub": (("phone_sub", ("sms",)),),
    "email_phone": (("email", ("by_email",)), ("phones", ("by_phone",))),
    "email_phone_sub": (("email_sub", ("email",)), ("phone_sub", ("sms",))),
}
MODES = frozenset({*_CONTACT_MODES, "profile_id", "push_sub", "custom", "custom_sub"})


def _emails(profile: Profile) -> Iterable[str]:
    email = profile.get("email")
    return (email.lower(),) if type(email) is str and email else ()


def _phones(profile: Profile) -> Iterable[str]:
    phones = profile.get("phones")
    if type(phones) is str:
        return (phones,)
    return [number for number in phones if type(number) is str and number] if type(phones) is list else ()


def _subscribed_emails(profile: Profile) -> Iterable[str]:
    return [email.lower() for email in written_contacts(profile, "email")] or _emails(profile)


def _subscribed_phones(profile: Profile) -> Iterable[str]:
    return written_contacts(profile, "sms") or _phones(profile)


_READERS: dict[str, Callable[[Profile], Iterable[str]]] = {
    "email": _emails,
    "phones": _phones,
    "email_sub": _subscribed_emails,
    "phone_sub": _subscribed_phones,
}


class Search:
    """How one request finds the profiles it speaks of. Raises CallRefused for a mode or field that cannot be."""

    def __init__(self, people: People, request: dict[str, Any]) -> None:
        self.people = people
        self.mode = request.get("matching", "profile_id" if "profile_id" in request else "email")
        self.field = request.get("field_name", "")
        self.resource_id = request.get("resource_id")
        if type(self.mode) is not str or self.mode not in MODES:
            raise CallRefused("request", "unknown matching mode")
        if self.mode.startswith("custom") and (type(self.field) is not str or not self.field):
            raise CallRefused("request", "field_name is required")
        if self.mode == "custom" and self.field not in people.checks:
            raise CallRefused("request", "field_name is not a field of the database")
        self._places: Callable[[Profile], list[Place]] = self._places_of_mode()

    def find(self, profile: Profile) -> str | None:
        """The id of the profile meant, None if there is none. Raises Refused: key missing, several found."""
        places = self._places(profile)
        if not places:
            raise Refused("key_missing", self._key_names())
        found: str | None = None
        for index, key in places:
            hit = index.get(key)
            if hit is None or hit == found:
                continue
            if found is not None or type(hit) is not str or self.resource_id is not None:
                return self._find_slowly(places)
            found = hit
        return found

    def _key_names(self) -> str:
        read = [name for name, _ in _CONTACT_MODES.get(self.mode, ())]
        return self.field or ", ".join(read) or ("subscription_id" if self.mode == "push_sub" else self.mode)

    def _find_slowly(self, places: list[Place]) -> str | None:
        found = {
            profile_id
            for index, key in places
            for profile_id in ids_of(index.get(key, ()))
            if self._is_at_resource(index, key, profile_id)
        }
        if len(found) > 1:
            raise Refused("several_found")
        return found.pop() if found else None

    def _is_at_resource(self, index: Index, key: Any, profile_id: str) -> bool:
        channel = next((name for name, contacts in self.people.by_contact.items() if contacts is index), None)
        if self.resource_id is None or channel is None:
            return True
        return any(
            kept["resource_id"] == self.resource_id and kept["channel"] == channel and contact_key(kept) == key
            for kept in self.people.get(profile_id).get("subscriptions", ())
        )

    def _places_of_mode(self) -> Callable[[Profile], list[Place]]:
        if self.mode in _CONTACT_MODES:
            return self._contact_places()
        return {
            "profile_id": self._id_places,
            "push_sub": self._push_places,
            "custom": self._field_places,
            "custom_sub": self._subscription_field_places,
        }[self.mode]()

    def _contact_places(self) -> Callable[[Profile], list[Place]]:
        known = {"by_email": self.people.by_email, "by_phone": self.people.by_phone, **self.people.by_contact}
        parts = [(_READERS[reader], [known[name] for name in names]) for reader, names in _CONTACT_MODES[self.mode]]
        return lambda profile: [(index, key) for read, indexes in parts for key in read(profile) for index in indexes]

    def _id_places(self) -> Callable[[Profile], list[Place]]:
        texts = self.people.texts

        def places(profile: Profile) -> list[Place]:
            given = profile.get("profile_id")
            return [({given: given} if given in texts else {}, given)] if type(given) is str and given else []

        return places

    def _push_places(self) -> Callable[[Profile], list[Place]]:
        index = self.people.by_contact["push"]

        def places(profile: Profile) -> list[Place]:
            given = profile.get("subscriptions")
            pushes = [each for each in given if type(each) is dict] if type(given) is list else []
            keys = [(each.get("provider"), each.get("subscription_id")) for each in pushes]
            return [(index, key) for key in keys if type(key[0]) is str and type(key[1]) is str]

        return places

    def _field_places(self) -> Callable[[Profile], list[Place]]:
        index, name, key = self.people.field_index(self.field), self.field, self.people.field_key

        def places(profile: Profile) -> list[Place]:
            value = profile.get(name)
            return [] if value is None or value == "" or type(value) is dict else [(index, key(name, value))]

        return places

    def _subscription_field_places(self) -> Callable[[Profile], list[Place]]:
        index = self.people.subscription_field_index(self.field)
        return lambda profile: [(index, str(value)) for value in subscription_values(profile, self.field)]


def asked_profile(request: dict[str, Any]) -> Profile:
    """A single request's match values, which stand beside `data`, in the places where a batch's profile has them."""
    asked: Profile = {name: request[name] for name in ("email", "profile_id") if name in request}
    if "phone" in request:
        asked["phones"] = [request["phone"]]
    subscription: dict[str, Any] = {name: request[name] for name in ("provider", "subscription_id") if name in request}
    name, value = request.get("field_name"), request.get("field_value")
    if request.get("matching") == "custom_sub":
        subscription["custom_fields"] = {name: value}
    elif type(name) is str:
        asked[name] = value
    return asked | ({"subscriptions": [subscription]} if subscription else {})
