"""Taking invitations back."""

from typing import Any

from django.utils import timezone

from imports.actions.places import Place
from imports.history import name_of, record
from imports.models import Invitation


def revoke_those_of(user: Any) -> None:
    """What somebody has invited is worth no more than they are; in the caller's transaction."""
    for invitation in Invitation.objects.open_at(timezone.now()).filter(made_by_id=user.pk):
        end_invitation(invitation, None)


def end_invitation(invitation: Invitation, by: Any) -> None:
    """It opens nothing any more, unless it was accepted; in the caller's transaction. Twice is once."""
    ended = {"revoked_at": timezone.now(), "revoked_by_name": name_of(by)}
    waiting = Invitation.objects.filter(pk=invitation.pk, revoked_at=None, accepted_at=None)
    if waiting.update(**ended):
        told = Place(invitation.role, invitation.team).told()
        record("invitation_revoked", by=by, about=invitation.role, invitation=invitation.pk, **told)
