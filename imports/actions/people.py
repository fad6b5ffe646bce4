"""The verbs on people: who may sign in, in which role, of which team.

They happen one at a time: of two admins who demote each other at once, one is told that nobody would be left.
"""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q

from imports.actions.errors import Refused
from imports.actions.places import ADMIN, Place, one_at_a_time, place_of, refuse_place, refuse_stranger
from imports.actions.revoking import revoke_those_of
from imports.actions.sessions import end_sessions
from imports.history import name_of, record
from imports.models import Invitation, Person


def add_person(
    *, username: str, email: str = "", first_name: str = "", last_name: str = "", password: str | None, place: Place,
    by: Any, invitation: Invitation | None = None,
) -> Any:  # fmt: skip
    """A new person; `password` has been validated, None: nobody can sign in by one. Raise Refused."""
    with transaction.atomic():
        one_at_a_time()
        refuse_place(place, by)
        people = get_user_model()._default_manager
        made = people.model(username=_free_name(username), email=free_address(email))
        made.first_name, made.last_name = first_name.strip()[:150], last_name.strip()[:150]
        made.set_password(password)
        made.save()
        _put(made, place)
        told: dict[str, Any] = {"invitation": invitation.pk} if invitation else {}
        record("person_added", by=by, about=name_of(made), person=made.pk, **place.told(), **told)
    return made


def change_person(user: Any, *, first_name: str, last_name: str, email: str, by: Any) -> None:
    """Another name or address. History says which of them changed, not to what. Raise Refused("email_taken")."""
    with transaction.atomic():
        one_at_a_time()
        refuse_stranger(user, by)
        values = {"first_name": first_name.strip()[:150], "last_name": last_name.strip()[:150]}
        values["email"] = free_address(email, but=user)
        changed = [name for name, value in values.items() if getattr(user, name) != value]
        if not changed:
            return
        for name in changed:
            setattr(user, name, values[name])
        user.save(update_fields=changed)
        record("person_changed", by=by, about=name_of(user), person=user.pk, changed=sorted(changed))


def change_place(user: Any, place: Place, *, by: Any) -> None:
    """Another role or team, from the person's next request on. Raise Refused: "not_oneself", "last_admin", and what
    refuse_place does."""
    with transaction.atomic():
        one_at_a_time()
        refuse_stranger(user, by)
        before = place_of(user)
        if before == place:
            return
        refuse_place(place, by)
        _refuse_oneself(user, by)
        if before and before.role == ADMIN and before.every_team:
            _refuse_last(user)
        if place != Place(ADMIN):
            user.is_superuser = user.is_staff = False
            user.save(update_fields=["is_superuser", "is_staff"])
            revoke_those_of(user)
        _put(user, place)
        was = {f"from_{name}": value for name, value in before.told().items()} if before else {}
        record("role_changed", by=by, about=name_of(user), person=user.pk, **was, **place.told())


def switch_person_off(user: Any, *, by: Any) -> None:
    """No sign-in any more, all sessions are over, open invitations of theirs open nothing. Raise Refused:
    "not_oneself", "last_admin", "person_off_already"."""
    with transaction.atomic():
        one_at_a_time()
        refuse_stranger(user, by)
        _refuse_oneself(user, by)
        _refuse_last(user)
        if not _switch(user, on=False):
            raise Refused("person_off_already")
        end_sessions(user, by=by)
        revoke_those_of(user)
        record("person_switched_off", by=by, about=name_of(user), person=user.pk)


def switch_person_on(user: Any, *, by: Any) -> None:
    """Sign-in works again. Raise Refused("person_on_already")."""
    with transaction.atomic():
        refuse_stranger(user, by)
        if not _switch(user, on=True):
            raise Refused("person_on_already")
        record("person_switched_on", by=by, about=name_of(user), person=user.pk)


def free_address(email: str, *, but: Any = None) -> str:
    """The address as it is kept. Raise Refused: "email_wrong", or "email_taken", in whatever letters."""
    email = email.strip()
    if not email:
        return ""
    try:
        validate_email(email)
    except ValidationError:
        raise Refused("email_wrong") from None
    others = get_user_model()._default_manager.filter(email__iexact=email)
    if (others.exclude(pk=but.pk) if but is not None else others).exists():
        raise Refused("email_taken")
    return email


def person_called(typed: str) -> Any | None:
    """The user of this name, else the only one with this e-mail address."""
    if not typed or "\0" in typed:
        return None
    people = get_user_model()._default_manager
    named = people.filter(username=typed).first()
    if named is not None or "@" not in typed:
        return named
    some = list(people.filter(email__iexact=typed)[:2])
    return some[0] if len(some) == 1 else None


def _free_name(username: str) -> str:
    username = get_user_model().normalize_username(username.strip())
    try:
        UnicodeUsernameValidator()(username)
    except ValidationError:
        raise Refused("username_wrong") from None
    if not username or len(username) > 150:
        raise Refused("username_wrong")
    if get_user_model()._default_manager.filter(username__iexact=username).exists():
        raise Refused("username_taken", name=username)
    return username


def _put(user: Any, place: Place) -> None:
    user.groups.set([Group.objects.get_or_create(name=place.role)[0]])
    kept = {"team": place.team, "every_team": place.every_team}
    Person.objects.update_or_create(user_id=user.pk, defaults=kept)


def _switch(user: Any, *, on: bool) -> bool:
    done = get_user_model()._default_manager.filter(pk=user.pk, is_active=not on).update(is_active=on)
    user.is_active = on
    return bool(done)


def _refuse_oneself(user: Any, by: Any) -> None:
    if by is not None and by.pk == user.pk:
        raise Refused("not_oneself")


def _refuse_last(user: Any) -> None:
    """Somebody who sees every team and may change people has to be left."""
    active = get_user_model()._default_manager.filter(is_active=True)
    admins = active.filter(Q(is_superuser=True) | Q(groups__name=ADMIN, person__every_team=True))
    if admins.filter(pk=user.pk).exists() and not admins.exclude(pk=user.pk).exists():
        raise Refused("last_admin")
