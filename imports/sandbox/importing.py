"""Taking profiles in: check every value, find the profile meant, merge, keep.

Source: profiles/import_batch, profiles/update_batch, profiles/add_batch and their single twins. A profile that is not
acceptable changes nothing and does not stop the others; that is inferred from the shape of `result`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .catalogue import Resource
from .errors import Refused, RowError
from .fields import Check, phones_or_one, tags_or_combination
from .functions import UNSET, apply_function, is_function
from .matching import Search
from .people import People, Profile
from .subscriptions import Subscription, check_subscription, merge_subscriptions

Row = str | RowError  # the profile's id, or why it was not taken


@dataclass(slots=True)
class Intake:
    """One request's way of taking profiles in."""

    people: People
    resources: dict[int, Resource]
    new_id: Callable[[], str]
    search: Search | None  # None: add only, nothing is looked for
    may_create: bool = True
    skip_invalid_subscriptions: bool = False
    one_phone_allowed: bool = False
    _checks: dict[str, Check] = field(init=False)

    def __post_init__(self) -> None:
        self._checks = self.people.checks
        if self.one_phone_allowed:
            self._checks = {**self._checks, "phones": phones_or_one}
        if self.search and self.search.mode == "custom" and self.people.kinds[self.search.field] == "tags":
            self._checks = {**self._checks, self.search.field: tags_or_combination}

    def take(self, given: Any, asked: Profile | None = None) -> Row:
        """Take one profile. `asked` holds the match value where it does not stand in the profile: single requests."""
        name = ""
        try:
            if type(given) is not dict:
                raise Refused("profile")
            clean: Profile = {}
            functions: Profile | None = None
            checks = self._checks
            for name, value in given.items():
                check = checks.get(name)
                if check is None:
                    if name == "subscriptions":
                        clean[name] = self._subscriptions(value)
                    elif name != "profile_id" or self.search is None or self.search.mode != "profile_id":
                        raise Refused("unknown_field")
                elif type(value) is dict and is_function(value):
                    functions = {**(functions or {}), name: value}
                else:
                    clean[name] = check(value)
            name = ""
            found = self.search.find(given if asked is None else asked) if self.search else None
            return self._create(clean, functions) if found is None else self._change(found, clean, functions)
        except Refused as fault:
            return fault.row_error(name)

    def _subscriptions(self, given: Any) -> list[Subscription]:
        if type(given) is not list:
            raise Refused("subscriptions")
        resources, database_id = self.resources, self.people.info.id
        if not self.skip_invalid_subscriptions:
            return [check_subscription(each, resources, database_id) for each in given]
        checked = []
        for each in given:
            try:
                checked.append(check_subscription(each, resources, database_id))
            except Refused:
                continue
        return checked

    def _create(self, clean: Profile, functions: Profile | None) -> str:
        if not self.may_create or (self.search and self.search.mode == "profile_id"):
            raise Refused("not_found")
        if functions:
            self._apply(functions, {}, clean)
        if "subscriptions" in clean:
            clean["subscriptions"] = merge_subscriptions([], clean["subscriptions"])
        if "email" in clean:
            self._refuse_taken(clean["email"], "")
        profile_id = self.new_id()
        self.people.insert(profile_id, clean)
        return profile_id

    def _change(self, profile_id: str, clean: Profile, functions: Profile | None) -> str:
        before = self.people.get(profile_id)
        after = {**before, **clean}
        if functions:
            self._apply(functions, before, after)
        if "subscriptions" in clean:
            after["subscriptions"] = merge_subscriptions(before.get("subscriptions", []), clean["subscriptions"])
        if "email" in clean:
            self._refuse_taken(clean["email"], profile_id)
        if after != before:
            self.people.replace(profile_id, before, after)
        return profile_id

    def _apply(self, functions: Profile, before: Profile, after: Profile) -> None:
        for name, function in functions.items():
            try:
                value = apply_function(self.people.kinds[name], self._checks[name], before.get(name), function)
            except Refused as fault:
                raise Refused(fault.name, name) from None
            if value is UNSET:
                after.pop(name, None)
            else:
                after[name] = value

    def _refuse_taken(self, email: str, profile_id: str) -> None:
        owner = self.people.by_email.get(email.lower())
        if owner is not None and owner != profile_id:
            raise Refused("email_taken")
