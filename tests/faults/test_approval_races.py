"""People who act at the same moment: nothing is ever sent that was not approved exactly as it is, in 1,000 tries.

Each try is one prepared import, put back to where a second person has just been asked or has just agreed; two or three
threads act on it at once, on the real database. What came of it is judged by the rows alone.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connections
from django.utils import timezone

from imports import actions
from imports.models import Approval, Batch, Connection, ImportJob
from imports.states import ApprovalState, BatchState, JobState
from tests.factories import fresh, make_checked_job, make_connection

pytestmark = pytest.mark.django_db(transaction=True)
TRIES = 200  # of each race; five races
PEOPLE = 3  # who act at once, at most
J, S = JobState, ApprovalState
Act = Callable[[], Any]


class Stage:
    """One import, its people, and what is done to it at once."""

    def __init__(self, anna: Any, clara: Any, job: ImportJob) -> None:
        self.anna, self.clara, self.job, self.digest = anna, clara, job, job.plan_digest
        self.outcomes: Counter[str] = Counter()
        self.pool = ThreadPoolExecutor(PEOPLE)

    def put_back(self, *, given: bool) -> None:
        """As it was just after the check, with a question that is open or answered."""
        if actions.close_check(self.job.pk):  # an edit has won: the plan was made anew
            self.job = fresh(self.job)
            self.digest = self.job.plan_digest
        Approval.objects.filter(job=self.job, state__in=[S.OPEN, S.APPROVED]).update(state=S.VOID)
        Batch.objects.filter(job=self.job).update(state=BatchState.FROZEN)
        asked = self.asked(given=given)
        ImportJob.objects.filter(pk=self.job.pk).update(
            state=J.APPROVED if given else J.WAITING_APPROVAL,
            approved_digest=self.digest if given else "",
            plan_digest=self.digest,
            needs_approval=True,
            started_at=None,
        )
        assert asked.digest == self.digest

    def asked(self, *, given: bool) -> Approval:
        now = timezone.now()
        closed = {"state": S.APPROVED, "closer_id": self.clara.pk, "closer_name": "clara", "closed_at": now}
        return Approval.objects.create(
            job=self.job,
            digest=self.digest,
            check_version=self.job.check_version,
            rows=2,
            author_id=self.anna.pk,
            asker_id=self.anna.pk,
            asker_name="anna",
            asked_at=now,
            expires_at=now + timedelta(hours=24),
            **(closed if given else {}),
        )

    def approve(self) -> None:
        actions.approve_job(fresh(self.job), by=self.clara, digest=self.digest)

    def edit(self) -> None:
        job = fresh(self.job)
        rule = "first" if job.destination and job.destination.duplicates == "last" else "last"
        actions.choose_duplicates(job, rule, seen=job.check_version, by=self.anna)

    def start(self) -> None:
        actions.start_job(fresh(self.job), by=self.anna)

    def refuse(self) -> None:
        actions.refuse_job(fresh(self.job), by=self.clara, reason="No.")

    def expire(self) -> None:
        Approval.objects.filter(job=self.job, used_at=None).update(expires_at=timezone.now() - timedelta(seconds=1))
        actions.expire_approvals()

    def another_account(self) -> None:
        account = Connection.objects.get(pk=self.job.connection_id)
        actions.change_connection(account, by=None, token=f"token-{timezone.now().timestamp()}")

    def race(self, acts: list[Act]) -> None:
        """Do them at the same moment; what was refused was refused."""
        start = threading.Barrier(len(acts))
        for done in [self.pool.submit(self._run, act, start) for act in acts]:
            done.result(60)

    def _run(self, act: Act, start: threading.Barrier) -> None:
        start.wait(30)
        try:
            act()
        except (actions.Refused, OperationalError) as fault:  # a deadlock the database has broken changed nothing
            self.outcomes[getattr(fault, "code", "unlucky")] += 1

    def close(self) -> None:
        """The connections of its threads, each of which takes part."""
        self.race([connections.close_all] * PEOPLE)
        self.pool.shutdown()

    def sent_stale(self) -> bool:
        """Whether it is being sent though nobody has approved exactly this, or though that was void before."""
        job = fresh(self.job)
        self.outcomes[job.state] += 1
        if job.state != J.SENDING:
            assert not Batch.objects.filter(job=job).exclude(state=BatchState.FROZEN).exists()
            return False
        used = Approval.objects.filter(job=job, state=S.APPROVED, digest=job.plan_digest).exclude(used_at=None)
        return not (used.filter(closer_id=self.clara.pk).exists() and job.approved_digest == job.plan_digest)


@pytest.fixture
def stage(anna: Any, clara: Any, sandbox: Any) -> Iterator[Stage]:
    made = Stage(anna, clara, make_checked_job(anna, make_connection(sandbox, approval="always")))
    yield made
    made.close()


RACES: dict[str, tuple[bool, Callable[[Stage], list[Act]]]] = {
    "edit, approve, start": (False, lambda stage: [stage.edit, stage.approve, stage.start]),
    "edit, start": (True, lambda stage: [stage.edit, stage.start]),
    "refuse, start": (True, lambda stage: [stage.refuse, stage.start]),
    "expire, start": (True, lambda stage: [stage.expire, stage.start]),
    "another token, start": (True, lambda stage: [stage.another_account, stage.start]),
}


@pytest.mark.fault(60)
@pytest.mark.parametrize("name", RACES)
def test_nothing_is_sent_with_a_stale_approval(name: str, stage: Stage) -> None:
    given, acts = RACES[name]
    stale = 0

    for _ in range(TRIES):
        stage.put_back(given=given)
        stage.race(acts(stage))
        stale += stage.sent_stale()

    assert stale == 0, stage.outcomes
    assert sum(stage.outcomes[state] for state in JobState) == TRIES
    assert len(RACES) * TRIES == 1_000


@pytest.mark.fault(59)
def test_two_who_approve_at_once_send_it_once(stage: Stage, boris: Any) -> None:
    def agree(by: Any) -> Act:
        return lambda: actions.approve_job(fresh(stage.job), by=by, digest=stage.digest)

    for _ in range(20):
        stage.put_back(given=False)
        stage.race([agree(stage.clara), agree(boris)])

        assert Approval.objects.given(timezone.now()).filter(job=stage.job).count() == 1
        assert fresh(stage.job).state == J.APPROVED
