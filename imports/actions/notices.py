"""News of an import for whoever it concerns: it ended, or it needs somebody. Written in the same transaction."""

from typing import Any

from django.contrib.auth import get_user_model

from imports.models import Approval, ImportJob, MailWish, Notice, Preferences
from imports.states import FINISHED, JobState

ASKED = "approval"  # Notice.code for those who are asked to look
WANTED = {Notice.NEEDS: (MailWish.NEEDS_ME, MailWish.ENDS), Notice.ENDED: (MailWish.ENDS,)}


def tell_owner(job: ImportJob, state: JobState, *, code: str = "") -> None:
    """Keep that the job is in this state now, and whether a letter about it is wanted. `code`: why it waits."""
    _tell(job.created_by_id, job, state, code)


def tell_askers(approval: Approval, job: ImportJob, state: JobState, *, code: str, but: Any = None) -> None:
    """Keep for whoever asked for an approval, and whoever made the import, what became of it; not for who did it."""
    but_id = getattr(but, "pk", None)
    concerned = [pk for pk in {approval.asker_id, job.created_by_id} if pk is not None and pk != but_id]
    for user in get_user_model().objects.filter(pk__in=concerned).order_by("pk"):
        _tell(user.pk, job, state, code)


def tell_approver(user_id: int, job: ImportJob) -> None:
    """Keep that this person is asked to look at an import; a letter goes unless the person wants none."""
    wants = not Preferences.objects.filter(user_id=user_id, mail_approvals=False).exists()
    told = {"kind": Notice.NEEDS, "state": JobState.WAITING_APPROVAL, "code": ASKED}
    Notice.objects.create(user_id=user_id, job_id=job.pk, mail=Notice.DUE if wants else "", **told)


def _tell(user_id: int | None, job: ImportJob, state: JobState, code: str) -> None:
    if user_id is None:
        return
    kind = Notice.ENDED if state in FINISHED else Notice.NEEDS
    wish = Preferences.objects.filter(user_id=user_id).values_list("mail", flat=True).first()
    mail = Notice.DUE if wish in WANTED[kind] else ""
    Notice.objects.create(user_id=user_id, job_id=job.pk, kind=kind, state=state, code=code[:40], mail=mail)
