"""Questions the platform's documents leave open, asked of one account with marked test profiles when a person wants it.

What is written: profiles of nobody (an address at example.com, the name TEST_NAME), new ones each time, so that what is
seen is what this request did; triggers are skipped and no scenario starts. They stay there until somebody deletes them.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from django.db import transaction

from imports.actions.connections import LOOK_SECONDS, client_for, refuse_switched_off
from imports.actions.errors import Refused
from imports.actions.marked import MarkedProfiles, Unanswered, refusal
from imports.actions.trying import keep_finding
from imports.altcraft import Answer, AnswerClass
from imports.history import record
from imports.mapping import SubscriptionRule
from imports.models import Connection

WORKS, NOT_SEEN = "probe_works", "probe_not_seen"
LEFT = ("unsubscribed", "1")  # Source: Subscription status
STAYED = ("subscribed", "0")


class Line(NamedTuple):
    """One thing that was seen: `about` names the case, `code` and `params` say it in words."""

    about: str
    code: str
    params: dict[str, str]


class Question(NamedTuple):
    """`ask` yields what was seen; `profiles` is how many test profiles it leaves at most."""

    ask: Callable[[MarkedProfiles], Iterator[Line]]
    profiles: int
    needs_resource: bool = False


def probe(
    connection: Connection, name: str, *, database_id: int, resource_id: int | None = None, apply: bool = True, by: Any
) -> list[Line]:
    """Ask one question of QUESTIONS; what was seen is kept with the account and told in history.

    With `apply` the settings that clearly follow are made. Raise Refused.
    """
    question = QUESTIONS.get(name)
    if question is None:
        raise Refused("question_unknown", name=name)
    if question.needs_resource and resource_id is None:
        raise Refused("probe_resource_missing")
    refuse_switched_off(connection)
    client = client_for(connection, deadline=LOOK_SECONDS)
    profiles = MarkedProfiles(client, database_id, resource_id or 0, nested=connection.nested_email)
    seen: list[Line] = []
    try:
        seen.extend(question.ask(profiles))
    except Unanswered as fault:
        seen.append(Line("", fault.reason, {}))
    settings = _settings(name, seen) if apply else {}
    place: dict[str, Any] = {"database": database_id, **({"resource": resource_id} if question.needs_resource else {})}
    with transaction.atomic():
        if settings:
            Connection.objects.filter(pk=connection.pk).update(**settings)
        keep_finding(connection, name, by=by, seen=[[*line] for line in seen], set=settings, **place)
        found = [f"{about} {code}".strip() for about, code, _ in seen]
        record("connection_probed", by=by, about=connection.name, question=name, found=found, set=settings, **place)
    connection.refresh_from_db()
    return seen


def _email_spelling(profiles: MarkedProfiles) -> Iterator[Line]:
    """Source: tables of profiles/import_batch print `email`, its example `email_data`; Subscription status."""
    for single in (False, True):
        for nested in (True, False):
            about = f"{'single' if single else 'batch'}_{'email_data' if nested else 'email'}"
            who = profiles.named(about)
            rule = SubscriptionRule("email", profiles.resource_id)
            answer = profiles.write(who, subscription=rule, nested=nested, single=single)
            yield _subscribed(profiles, about, who, answer)


def _subscribed(profiles: MarkedProfiles, about: str, who: str, answer: Answer) -> Line:
    if told := refusal(answer):
        return Line(about, "probe_refused", told)
    kept = profiles.look(who)
    if kept is None:
        return Line(about, "probe_unseen", {})
    return Line(about, WORKS if profiles.subscription(kept) is not None else NOT_SEEN, {})


def _bad_profile(profiles: MarkedProfiles) -> Iterator[Line]:
    """Source: profiles/import_batch, Response parameters; what stands for a refused profile is not said."""
    good, bad, after = (profiles.named(f"bad-{place}") for place in range(3))
    answer = profiles.write_all(
        [profiles.text(good), profiles.text(bad, _bdate="no date", _ip="no address"), profiles.text(after)]
    )
    yield Line("", "probe_outer", {"status": str(answer.http_status or "–"), "error": _shown(answer.error)})
    if answer.kind is not AnswerClass.ANSWERED or not answer.rows:
        yield Line("", answer.reason or "probe_no_rows", refusal(answer) or {})
        return
    error, text, number = answer.rows[1]
    if not error:
        yield Line("", "probe_bad_taken", {})
        return
    yield Line("", "probe_bad_alone" if not (answer.rows[0][0] or answer.rows[2][0]) else "probe_bad_with_others", {})
    yield Line("", "probe_bad_answer", {"error": str(error), "text": text})
    yield Line("", "probe_bad_has_id" if number else "probe_bad_has_no_id", {})


def _repeats(profiles: MarkedProfiles) -> Iterator[Line]:
    """Source: Deduplication of requests, whose texts differ about what counts as a repeat."""
    who, request_id = profiles.named("repeat"), profiles.new_request_id()
    first = profiles.write(who, request_id=request_id, _vendor="first")
    if told := refusal(first):
        yield Line("same", "probe_refused", told)
        return
    again = profiles.write(who, request_id=request_id, _vendor="first")
    yield Line("same", "probe_repeat_recognised" if again.replayed else "probe_repeat_not_marked", {})
    other = profiles.write(who, request_id=request_id, _vendor="second")
    if told := refusal(other):
        yield Line("other", "probe_reused_refused", told)
        return
    found = (profiles.look(who) or {}).get("_vendor")
    code = {"first": "probe_reused_ignored", "second": "probe_reused_applied"}.get(str(found), "probe_look_failed")
    yield Line("other", code, {})


def _profile_id(profiles: MarkedProfiles) -> Iterator[Line]:
    """Source: Matching (profile_id, only when updating); no page shows where the id stands in a batch."""
    who = profiles.named("by-id")
    made = profiles.write(who, _vendor="first")
    if told := refusal(made):
        yield Line("", "probe_refused", told)
        return
    number = made.rows[0][2] if made.rows else ""
    if not number:
        yield Line("", "probe_no_id", {})
        return
    text = profiles.plain({"profile_id": number, "_vendor": "second"})
    answer = profiles.write_all([text], operation="update", matching="profile_id")
    if told := refusal(answer):
        yield Line("", "probe_refused", told)
        return
    found = (profiles.look(who) or {}).get("_vendor")
    code = {"second": "probe_id_works", "first": "probe_id_ignored"}.get(str(found), "probe_look_failed")
    yield Line("", code, {})


def _empty_values(profiles: MarkedProfiles) -> Iterator[Line]:
    """Source: Database fields functional update (unset); nothing says what "" and null do, or functions in batches."""
    who = profiles.named("empty")
    made = profiles.write(who, _city="Test", _region="Test", _vendor="Test")
    if told := refusal(made):
        yield Line("", "probe_refused", told)
        return
    ways: dict[str, tuple[str, Any]] = {
        "empty": ("_city", ""), "null": ("_region", None), "unset": ("_vendor", {"action": "unset"})
    }  # fmt: skip
    for about, (name, value) in ways.items():
        answer = profiles.write_all([profiles.plain({"email": who, name: value})])
        if told := refusal(answer):
            yield Line(about, "probe_refused", told)
            continue
        kept = profiles.look(who)
        yield Line(about, "probe_look_failed" if kept is None else _what_is_left(kept.get(name)), {})


def _what_is_left(value: Any) -> str:
    if value == "":
        return "probe_value_empty"
    return "probe_value_cleared" if value is None else "probe_value_stayed"


def _status(profiles: MarkedProfiles) -> Iterator[Line]:
    """Source: profiles/update_batch, Description: a status of 0 counts; what leaving it out does is said there only."""
    rule = SubscriptionRule("email", profiles.resource_id)
    fresh, gone = profiles.named("new-subscription"), profiles.named("unsubscribed")
    answer = profiles.write(fresh, subscription=rule)
    if told := refusal(answer):
        yield Line("new", "probe_refused", told)
        return
    status = profiles.status(fresh)
    yield Line("new", "probe_status_is" if status else "probe_look_failed", {"status": status})
    leaving = SubscriptionRule("email", profiles.resource_id, status="unsubscribed")
    for one in (leaving, rule):
        if told := refusal(profiles.write(gone, subscription=one)):
            yield Line("left", "probe_refused", told)
            return
        status = profiles.status(gone)
        if one is leaving and status not in LEFT:
            yield Line("left", "probe_look_failed", {})
            return
    code = "probe_status_kept" if status in LEFT else "probe_status_lost" if status else "probe_look_failed"
    yield Line("left", code, {"status": status})


def _not_found(profiles: MarkedProfiles) -> Iterator[Line]:
    """Source: none; the code of "not found" stands on no page."""
    for single in (False, True):
        about = "single" if single else "batch"
        who = profiles.named(f"nobody-{about}")
        answer = profiles.write(who, operation="update", single=single)
        told = refusal(answer)
        if told and answer.kind in (AnswerClass.ANSWERED, AnswerClass.REFUSED_REQUEST):
            yield Line(about, "probe_not_found", told)
        elif told:
            yield Line(about, "probe_refused", told)
        else:
            yield Line(about, "probe_not_found_taken", {})


QUESTIONS: Mapping[str, Question] = {
    "email_spelling": Question(_email_spelling, 4, needs_resource=True),
    "status": Question(_status, 2, needs_resource=True),
    "bad_profile": Question(_bad_profile, 3),
    "repeats": Question(_repeats, 1),
    "profile_id": Question(_profile_id, 1),
    "empty_values": Question(_empty_values, 1),
    "not_found": Question(_not_found, 0),
}


def _settings(name: str, seen: list[Line]) -> dict[str, Any]:
    """The settings that clearly follow: one spelling was seen to work and the other was seen not to."""
    if name != "email_spelling":
        return {}
    codes = {line.about: line.code for line in seen}
    chosen = {}
    for setting, call in (("nested_email", "batch"), ("nested_email_single", "single")):
        nested, flat = codes.get(f"{call}_email_data"), codes.get(f"{call}_email")
        if WORKS in (nested, flat) and {nested, flat} & {NOT_SEEN, "probe_refused"}:
            chosen[setting] = nested == WORKS
    return chosen


def _shown(error: int | None) -> str:
    return "–" if error is None else str(error)
