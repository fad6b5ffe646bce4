"""Invitations: a link for one person, a role and a team. Its token is told once and kept only as its SHA-256."""

import secrets
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from imports.actions.errors import Refused
from imports.actions.links import LONGEST_TOKEN, digest
from imports.actions.people import add_person, free_address
from imports.actions.places import Place, one_at_a_time, refuse_place
from imports.actions.revoking import end_invitation
from imports.history import name_of, record
from imports.models import Invitation, Policy


def invite(*, email: str, place: Place, by: Any) -> tuple[Invitation, str]:
    """A new invitation and its token. An earlier one to the same address opens nothing any more.

    Raise Refused: "email_missing", "email_wrong", "email_taken", and what refuse_place does."""
    token, now = secrets.token_urlsafe(32), timezone.now()
    with transaction.atomic():
        one_at_a_time()
        refuse_place(place, by)
        if not (email := free_address(email)):
            raise Refused("email_missing")
        for earlier in Invitation.objects.open_at(now).filter(email__iexact=email):
            end_invitation(earlier, by)
        made = Invitation.objects.create(
            email=email,
            role=place.role,
            team=place.team,
            every_team=place.every_team,
            token_sha256=digest(token),
            made_by_id=getattr(by, "pk", None),
            made_by_name=name_of(by),
            made_at=now,
            expires_at=now + timedelta(days=Policy.now().invitation_days),
        )
        record("invitation_made", by=by, about=made.role, invitation=made.pk, **place.told())
    return made, token


def open_invitation(token: str) -> Invitation | None:
    """The invitation this token opens now; None for any other text, and for one that was used, is over, taken back, or
    of a team that is switched off."""
    if not token or len(token) > LONGEST_TOKEN:
        return None
    known = Invitation.objects.open_at(timezone.now()).filter(token_sha256=digest(token), team__disabled_at=None)
    return known.select_related("team").first()


def accept_invitation(token: str, *, username: str, first_name: str, last_name: str, password: str) -> Any:
    """The new person; `password` has been validated. Raise Refused: "invitation_closed", and what add_person does."""
    with transaction.atomic():
        one_at_a_time()
        invitation = open_invitation(token)
        if invitation is None:
            raise Refused("invitation_closed")
        who = {"username": username, "first_name": first_name, "last_name": last_name, "email": invitation.email}
        place = Place(invitation.role, invitation.team)
        made = add_person(**who, password=password, place=place, by=None, invitation=invitation)
        Invitation.objects.filter(pk=invitation.pk).update(accepted_at=timezone.now(), user=made)
        record("invitation_accepted", by=made, about=invitation.role, invitation=invitation.pk, **place.told())
    return made


def revoke_invitation(invitation: Invitation, *, by: Any) -> None:
    """It opens nothing any more. Twice is once."""
    with transaction.atomic():
        end_invitation(invitation, by)
