"""The switch over all sending: effective before the next call of any worker, because the mark "on the wire" asks it."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from imports.actions.connections import waits_for_account
from imports.actions.errors import Refused
from imports.history import name_of, record
from imports.models import ImportJob, SendingStop
from imports.states import JobState


def stop_sending(*, by: Any, reason: str) -> SendingStop:
    """From the next mark on nothing goes out, for no connection; running calls end by their answer.

    Raise Refused when no reason is given, or all sending is stopped already.
    """
    if not reason.strip():
        raise Refused("reason_missing")
    try:
        with transaction.atomic():
            stop = SendingStop.objects.create(reason=reason.strip()[:500], stopped_by_name=name_of(by))
            waiting = ImportJob.objects.filter(state=JobState.SENDING).count()
            record("sending_stopped", by=by, imports=waiting, reason=stop.reason)
    except IntegrityError:
        raise Refused("sending_stopped_already") from None
    return stop


def lift_stop(*, by: Any, reason: str) -> list[ImportJob]:
    """Let sending go on. Returns the imports that go on now. Raise Refused without a reason or a standing stop."""
    if not reason.strip():
        raise Refused("reason_missing")
    with transaction.atomic():
        ended = {"standing": False, "lifted_at": timezone.now(), "lifted_by_name": name_of(by)}
        if not SendingStop.objects.standing().update(**ended, lift_reason=reason.strip()[:500]):
            raise Refused("sending_not_stopped")
        jobs = list(ImportJob.objects.filter(state=JobState.SENDING).select_related("connection"))
        record("sending_released", by=by, imports=len(jobs), reason=reason.strip()[:500])
    return jobs


def standing_stop() -> SendingStop | None:
    """The stop that holds now, if any."""
    return SendingStop.objects.standing().first()


def waits_for_switch(job: ImportJob) -> bool:
    """Whether the job is to be sent and a person has to act first: all sending is stopped, or its account is off."""
    if not ImportJob.objects.filter(pk=job.pk, state=JobState.SENDING).exists():
        return False
    return SendingStop.objects.standing().exists() or waits_for_account(job)
