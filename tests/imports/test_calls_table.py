"""Call x matching x channel x option: the exact JSON that left, after the whole road from a file to the wire.

The platform is a recording server. Bodies are restated from the documents' own request examples, with invented people.
"""

import base64
import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import uuid4

import pytest

from imports import actions
from imports.altcraft import CALLS, SINGLE_CALLS
from imports.destination import Attachment, Destination
from imports.mapping import CONTACT_KINDS, ColumnMapping, ColumnTarget, SubscriptionRule
from imports.models import Connection, HistoryEvent, ImportJob
from imports.results import totals
from imports.results.rows import RowFilter, row_page
from imports.states import JobState
from tests.factories import fresh, make_job
from tests.faulty_server import Behaviour, FaultyServer, Peer, answers, http_answer
from tests.platforms import account, drained

pytestmark = pytest.mark.django_db

OK = {"error": 0, "error_text": "Successful operation"}
TOKEN = "secret-token-of-the-account"
FIELDS = {
    "Custom_ID": "int",
    "CRM_ID": "string",
    "card": "string",
    "points": "int",
    "labels": "tags",
    "address": "object",
    "custom_field": "string",
}
Server = Callable[..., FaultyServer]
Choices = dict[str, Any]


def takes(peer: Peer) -> None:
    """Answer batches and single calls as documented."""
    request = json.loads(peer.read_request().body)
    rows = [{**OK, "profile_id": f"{n:024x}"} for n in range(len(request["data"]))]
    single = isinstance(request["data"], dict)
    peer.send(http_answer(200, {**OK, "profile_id": "a" * 24} if single else {**OK, "result": rows}))


@pytest.fixture
def server() -> Iterator[Server]:
    started: list[FaultyServer] = []

    def start(*behaviours: Behaviour) -> FaultyServer:
        started.append(FaultyServer(*(behaviours or (takes,))).__enter__())
        return started[-1]

    yield start
    for one in started:
        one.stop()


def cells(rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows) + "\n"


def connection_to(server: FaultyServer, **limits: Any) -> Connection:
    made = account(server.url, **limits)
    fields = [
        {"name": name, "title": name, "type": actions_type(kind), "options": [], "system": False}
        for name, kind in FIELDS.items()
    ]
    made.catalogue = {f"fields/{database}": fields for database in (1, 5)}
    made.save()
    return made


def actions_type(kind: str) -> str:
    return {"int": "integer", "string": "line"}.get(kind, kind)


def travel(
    by: Any,
    connection: Connection,
    table: Sequence[Sequence[str]],
    *,
    columns: dict[str, Choices] | None = None,
    prepare: Callable[[ImportJob], None] | None = None,
    **choices: Any,
) -> ImportJob:
    """A file whose headers are field names, to its end. `columns` holds choices of columns, None leaves one out."""
    job = make_job(by, cells(table))
    if prepare:
        prepare(job)
    asked = columns or {}
    targets = [
        ColumnTarget(place, name, **{"field": name, **asked.get(name, {})})
        for place, name in enumerate(table[0])
        if not name.startswith("(")
    ]
    where = Destination(**({"database_id": 1, "phone_region": "RU"} | choices))
    actions.map_columns(job, connection=connection, destination=where, mapping=ColumnMapping(tuple(targets)), by=by)
    actions.begin_check(fresh(job), by=by)
    job = drained(job)
    assert job.state == JobState.CHECKED
    return drained(actions.start_job(job, by=by))


def bodies(server: FaultyServer) -> list[dict[str, Any]]:
    return [json.loads(request.body) for request in server.requests]


def paths(server: FaultyServer) -> list[str]:
    return [request.line.split()[1].removeprefix("/api/v1.1/") for request in server.requests]


# --- the request examples of the five documents ---

NEWS = SubscriptionRule("email", 28, custom_fields=(("custom_field", "test value"),), cats=("category_1", "category_2"))


@pytest.mark.parametrize("operation", ["import", "update"])
def test_the_example_of_the_batch_pages(anna: Any, server: Server, operation: str) -> None:
    """Source: profiles/import_batch and profiles/update_batch, Request example. Lala alone has the subscription."""
    recording = server()
    rule = SubscriptionRule("email", 28, "column:4", "", NEWS.cats, NEWS.custom_fields)
    table = [
        ["_fname", "_lname", "Custom_ID", "email", "(subscribe)"],
        ["Lala", "Doe", "77", "example@example.com", "example@example.com"],
        ["Victor", "", "88", "example@example.com", ""],
    ]

    choices = {"operation": operation, "matching": "custom", "match_field": "Custom_ID", "subscriptions": (rule,)}
    job = travel(anna, connection_to(recording), table, **choices)

    subscription = {
        "channel": "email",
        "email_data": {"email": "example@example.com"},
        "resource_id": 28,
        "custom_fields": {"custom_field": "test value"},
        "cats": ["category_1", "category_2"],
    }
    lala = {"_fname": "Lala", "_lname": "Doe", "Custom_ID": 77, "email": "example@example.com"}
    assert paths(recording) == [f"profiles/{operation}_batch"]
    assert bodies(recording) == [
        {
            "token": TOKEN,
            "db_id": 1,
            "matching": "custom",
            "field_name": "Custom_ID",
            "skip_triggers": True,
            "data": [
                lala | {"subscriptions": [subscription]},
                {"_fname": "Victor", "Custom_ID": 88, "email": "example@example.com"},
            ],
        }
    ]
    assert totals(job).accepted == 2


@pytest.mark.parametrize(("matching", "field"), [("email", ""), ("custom", "CRM_ID")])
def test_the_examples_of_the_scenario_page(anna: Any, server: Server, matching: str, field: str) -> None:
    """Source: workflows/import_and_start_batch, Request examples; phones as the array the other pages print, and the
    option it leaves at its default said aloud."""
    recording = server()
    head = ["_fname", "_lname", "email", "phones", "CRM_ID"]
    table = [
        head,
        ["Alina", "Lambert", "alina@example.com", "+79006574081", "00066"],
        ["Victor", "Lambert", "victor@example.com", "+79000005422", "00076"],
    ]

    choices = {"operation": "scenario", "scenario_id": 12, "skip_triggers": False}
    travel(anna, connection_to(recording), table, matching=matching, match_field=field, **choices)

    people = [dict(zip(head, row, strict=True)) for row in table[1:]]
    assert paths(recording) == ["workflows/import_and_start_batch"]
    assert bodies(recording) == [
        {
            "token": TOKEN,
            "workflow_id": 12,
            "matching": matching,
            **({"field_name": field} if field else {}),
            "skip_triggers": False,
            "data": [{"data": person | {"phones": [person["phones"]]}} for person in people],
        }
    ]


def test_the_last_example_of_the_single_import_page(anna: Any, server: Server) -> None:
    """Source: profiles/import (v74), third and second request example in one, with the word for the gender."""
    recording = server()
    own = (("_browser_name", "Firefox"), ("_device_type", "web"), ("custom_field_1", "test value"))
    rules = (
        SubscriptionRule("email", 1),
        SubscriptionRule("sms", 2),
        SubscriptionRule("push", 1, "column:15", "android-firebase", ("category_1", "category_2"), own),
        SubscriptionRule("whatsapp", 1),
        SubscriptionRule("viber", 1),
        SubscriptionRule("telegram_bot", 1, "column:16"),
        SubscriptionRule("notify", 1),
    )
    person = {
        "_fname": "Olly",
        "_lname": "Lambert",
        "email": "example@example.com",
        "phones": "+79000000000",
        "_bdate": "1990-02-22T21:00:00Z",
        "_sex": "male",
        "_regdate": "2019-03-14T22:00:00Z",
        "_regip": "94.231.119.122",
        "_ip": "94.231.119.122",
        "_tz": "Europe/Moscow",
        "_postal_code": "390000",
        "_os": "Windows 10",
        "_browser": "Firefox",
        "_vendor": "form_#31",
        "custom_field": "custom_value",
    }
    table = [[*person, "(token)", "(chat)"], [*person.values(), "a81c264a938b475", "12345"]]

    travel(anna, connection_to(recording), table, single=True, detect_geo=True, subscriptions=rules)

    phone = {"cc_data": {"phone": "+79000000000"}}
    push = {"subscription_id": "a81c264a938b475", "provider": "android-firebase", "custom_fields": dict(own)}
    assert paths(recording) == ["profiles/import"]
    assert bodies(recording) == [
        {
            "token": TOKEN,
            "db_id": 1,
            "matching": "email",
            "email": "example@example.com",
            "skip_triggers": True,
            "detect_geo": True,
            "data": {
                **person,
                "phones": ["+79000000000"],
                "subscriptions": [
                    {"resource_id": 1, "channel": "email", "email": "example@example.com"},
                    {"resource_id": 2, "channel": "sms", "phone": "+79000000000"},
                    {"resource_id": 1, "channel": "push", "cats": ["category_1", "category_2"], **push},
                    {"resource_id": 1, "channel": "whatsapp", **phone},
                    {"resource_id": 1, "channel": "viber", **phone},
                    {"resource_id": 1, "channel": "telegram_bot", "cc_data": {"id": 12345}},
                    {"resource_id": 1, "channel": "notify", **phone},
                ],
            },
        }
    ]


GUIDE = {
    "email": "i.petrov@example.com",
    "_fname": "Ivan",
    "_lname": "Petrov",
    "_sex": "male",
    "_bdate": "1990-01-15T12:00:00Z",
    "_city": "Moscow",
    "phones": "+79000000000",
}


@pytest.mark.parametrize("filled", [["email"], list(GUIDE)], ids=["adding", "updating"])
def test_the_examples_of_the_user_guide_from_a_form(anna: Any, server: Server, filled: list[str]) -> None:
    """Source: "Import or update a profile": adding, updating, and with the subscriptions of the last example."""
    recording = server()
    rules = [
        SubscriptionRule("email", 1),
        SubscriptionRule("sms", 1),
        SubscriptionRule("push", 1, f"column:{len(filled)}", "Firefox"),
    ]
    job = actions.create_typed_job(
        headers=[*filled, "token"],
        rows=[[*(GUIDE[name] for name in filled), "abcdefghijklmnqrstuvwxyz"]],
        title="form",
        connection=connection_to(recording),
        destination=Destination(5, single=True, subscriptions=tuple(rules) if "phones" in filled else ()),
        mapping=ColumnMapping(tuple(ColumnTarget(place, name, name) for place, name in enumerate(filled))),
        entry=uuid4(),
        by=anna,
    )
    drained(actions.start_job(drained(job), by=anna))

    person: dict[str, Any] = {name: GUIDE[name] for name in filled}
    if "phones" in filled:
        person["phones"] = ["+79000000000"]
        person["subscriptions"] = [
            {"channel": "email", "email": "i.petrov@example.com", "resource_id": 1},
            {"channel": "sms", "phone": "+79000000000", "resource_id": 1},
            {
                "channel": "push",
                "provider": "Firefox",
                "resource_id": 1,
                "subscription_id": "abcdefghijklmnqrstuvwxyz",
            },
        ]
    searched = {"matching": "email", "email": "i.petrov@example.com"}
    assert bodies(recording) == [{"token": TOKEN, "db_id": 5, **searched, "skip_triggers": True, "data": person}]


# --- the table ---

KEYS: dict[str, dict[str, Any]] = {
    "email": {"email": "a@example.com"},
    "email_profile": {"email": "a@example.com"},
    "email_sub": {"email": "a@example.com"},
    "phone": {"phones": ["+79000000001"]},
    "phone_sub": {"phones": ["+79000000001"]},
    "email_phone": {"email": "a@example.com", "phones": ["+79000000001"]},
    "email_phone_sub": {"email": "a@example.com", "phones": ["+79000000001"]},
    "custom": {"CRM_ID": "00066"},
    "profile_id": {"profile_id": "5f19953a03e4227216278ba4"},
    "push_sub": {},
    "custom_sub": {},
}
SEARCHED: dict[str, dict[str, Any]] = {
    "phone": {"phone": "+79000000001"},
    "phone_sub": {"phone": "+79000000001"},
    "email_phone": {"email": "a@example.com", "phone": "+79000000001"},
    "email_phone_sub": {"email": "a@example.com", "phone": "+79000000001"},
    "custom": {"field_value": "00066"},
    "push_sub": {"provider": "Firefox", "subscription_id": "t1"},
    "custom_sub": {"field_value": "t1"},
}
MATCH_FIELD = {"custom": "CRM_ID", "custom_sub": "card"}
CONTACTS: dict[str, tuple[str, dict[str, Any]]] = {
    "email": ("b@example.com", {"email": "b@example.com"}),
    "sms": ("+79000000002", {"phone": "+79000000002"}),
    "push": ("t1", {"subscription_id": "t1", "provider": "Firefox"}),
    "telegram_bot": ("77", {"cc_data": {"id": 77}}),
    "whatsapp": ("+79000000002", {"cc_data": {"phone": "+79000000002"}}),
    "viber": ("+79000000002", {"cc_data": {"phone": "+79000000002"}}),
    "notify": ("+79000000002", {"cc_data": {"phone": "+79000000002"}}),
}
WAYS = [(name, False, call) for name, call in CALLS.items()] + [
    (name, True, call) for name, call in SINGLE_CALLS.items()
]
SEARCHES = [(name, single, mode) for name, single, call in WAYS for mode in call.matchings]


def rule_for(matching: str) -> SubscriptionRule | None:
    if matching == "push_sub":
        return SubscriptionRule("push", 1, "column:0", "Firefox")
    return SubscriptionRule("push", 1, "column:0", "Firefox", custom_fields=(("card", "column:0"),))


@pytest.mark.parametrize(("operation", "single", "matching"), SEARCHES)
def test_every_matching_a_call_can_carry(
    anna: Any, server: Server, operation: str, single: bool, matching: str
) -> None:
    recording = server()
    key = KEYS[matching]
    head = ["(token)", "_fname", *key]
    row = ["t1", "Olly", *(value[0] if isinstance(value, list) else value for value in key.values())]
    rules = (rule_for(matching),) if matching in ("push_sub", "custom_sub") else ()
    choices = {"operation": operation, "single": single, "scenario_id": 12 if operation == "scenario" else None}

    job = travel(
        anna,
        connection_to(recording),
        [head, row],
        matching=matching,
        match_field=MATCH_FIELD.get(matching, ""),
        subscriptions=rules,
        **choices,
    )

    profile: dict[str, Any] = {"_fname": "Olly", **key}
    if rules:
        own = {"custom_fields": {"card": "t1"}} if matching == "custom_sub" else {}
        push = {"channel": "push", "resource_id": 1, "subscription_id": "t1", "provider": "Firefox"}
        profile["subscriptions"] = [push | own]
    beside = SEARCHED.get(matching, key) if single else {}
    if single:
        profile.pop("profile_id", None)
    place = {"workflow_id": 12} if operation == "scenario" else {"db_id": 1}
    named = {"field_name": MATCH_FIELD[matching]} if matching in MATCH_FIELD else {}
    carried: Any = profile if single else [{"data": profile} if operation == "scenario" else profile]
    assert bodies(recording) == [
        {"token": TOKEN, **place, "matching": matching, **named, **beside, "skip_triggers": True, "data": carried}
    ]
    assert totals(job).accepted == 1


@pytest.mark.parametrize(
    ("operation", "single", "channel", "nested"),
    [
        (name, single, channel, nested)
        for (name, single, _), channel in itertools.product(WAYS, CONTACT_KINDS)
        for nested in ((True, False) if channel == "email" and not single else (True,))
    ],
)
def test_every_channel_of_every_call(
    anna: Any, server: Server, operation: str, single: bool, channel: str, nested: bool
) -> None:
    recording = server()
    cell, shape = CONTACTS[channel]
    rule = SubscriptionRule(channel, 1, "column:1", "Firefox" if channel == "push" else "")
    table = [["email", "(contact)"], ["a@example.com", cell], ["c@example.com", ""]]
    choices = {"operation": operation, "single": single, "scenario_id": 12 if operation == "scenario" else None}

    travel(anna, connection_to(recording, nested_email=nested), table, subscriptions=(rule,), **choices)

    if channel == "email" and nested and not single:
        shape = {"email_data": shape}
    first = {"email": "a@example.com", "subscriptions": [{"channel": channel, "resource_id": 1, **shape}]}
    sent = [body["data"] for body in bodies(recording)]
    profiles = sent if single else sent[0]
    wrapped = operation == "scenario"
    assert [one["data"] if wrapped else one for one in profiles] == [first, {"email": "c@example.com"}]


def option_cases() -> Iterator[tuple[str, bool, str, Any]]:
    values = {
        "skip_invalid_subscriptions": True,
        "detect_geo": True,
        "resource_id": 24,
        "add_to_segments": (1, 2),
        "remove_from_segments": (3,),
        "content": (("one", "My text"), ("two", "2")),
        "skip_triggers": False,
    }
    for (name, single, _), (option, value) in itertools.product(WAYS, values.items()):
        yield name, single, option, value


@pytest.mark.parametrize(("operation", "single", "option", "value"), list(option_cases()))
def test_an_option_is_sent_where_the_call_takes_it_and_refused_elsewhere(
    anna: Any, server: Server, operation: str, single: bool, option: str, value: Any
) -> None:
    recording = server()
    choices = {"operation": operation, "single": single, "scenario_id": 12 if operation == "scenario" else None}
    table = [["email"], ["a@example.com"]]

    def go() -> ImportJob:
        return travel(anna, connection_to(recording), table, **choices, **{option: value})

    if option not in (SINGLE_CALLS if single else CALLS)[operation].options:
        with pytest.raises(actions.MappingRefused) as refused:
            go()
        assert refused.value.faults == [("option_not_for_call", {"option": option, "operation": operation})]
        return
    go()
    (body,) = bodies(recording)
    expected = dict(value) if option == "content" else list(value) if isinstance(value, tuple) else value
    assert body[option] == expected
    plain = {"token", "db_id", "workflow_id", "matching", "email", "skip_triggers", "data"}
    assert set(body) - plain == {option} - {"skip_triggers"}


# --- adding, scenarios, functions, answers ---


@pytest.mark.parametrize("single", [False, True])
def test_adding_searches_nobody_yet_never_adds_an_address_twice(anna: Any, server: Server, single: bool) -> None:
    recording = server()
    table = [["email", "_fname"], ["a@example.com", "Ann"], ["", "Bob"], ["a@example.com", "Anna"], ["", ""], ["", " "]]

    job = travel(anna, connection_to(recording), table, operation="add", single=single)

    people = [{"_fname": "Bob"}, {"email": "a@example.com", "_fname": "Anna"}]
    common = {"token": TOKEN, "db_id": 1, "skip_triggers": True}
    expected = [{**common, "data": person} for person in people] if single else [{**common, "data": people}]
    assert bodies(recording) == expected
    assert set(paths(recording)) == {"profiles/add" if single else "profiles/add_batch/"}
    assert job.unsafe_reasons == ["add_only"]
    assert totals(job).set_aside == 1


def test_a_file_goes_with_the_messages_of_a_scenario(anna: Any, server: Server) -> None:
    recording = server()
    attached = Attachment("price.pdf", "application/pdf", vault="attach/0")

    job = travel(
        anna,
        connection_to(recording),
        [["email"], ["a@example.com"]],
        prepare=lambda job: job.vault.put("attach/0", b"%PDF"),
        operation="scenario",
        scenario_id=12,
        content=(("code", "secret code"),),
        attach=(attached,),
    )

    (body,) = bodies(recording)
    content = base64.b64encode(b"%PDF").decode()
    assert body["attach"] == [{"name": "price.pdf", "mimetype": "application/pdf", "data": content}]
    assert job.unsafe_reasons == ["scenario"]
    told = HistoryEvent.objects.get(job_id=job.pk, verb="columns_mapped").details
    assert told["content"] == ["code"]
    assert "secret code" not in json.dumps(told)


def test_files_that_no_request_can_carry_are_refused_before_the_check(anna: Any, server: Server) -> None:
    attached = Attachment("price.pdf", "application/pdf", data="A" * 5_000)
    choices = {"operation": "scenario", "scenario_id": 12, "attach": (attached,)}

    with pytest.raises(actions.Refused, match="attachments_too_large"):
        travel(anna, connection_to(server(), bytes_per_request=5_000), [["email"], ["a@example.com"]], **choices)


QUERY = '{"email": {"$in": ["a@example.com"]}}'


def test_a_query_takes_the_place_of_matching_for_admins_only(anna: Any, boris: Any, server: Server) -> None:
    recording = server()
    connection = connection_to(recording)
    choices = {"operation": "scenario", "scenario_id": 12, "matching": "", "custom_request": QUERY}

    with pytest.raises(actions.Refused, match="custom_request_admins_only"):
        travel(anna, connection, [["_fname"], ["Ann"]], **choices)
    travel(boris, connection, [["_fname"], ["Ann"]], **choices)

    (body,) = bodies(recording)
    assert "matching" not in body
    assert body["custom_request"] == json.loads(QUERY)


def test_functions_of_columns_reach_the_platform_and_forbid_repeats(anna: Any, server: Server) -> None:
    recording = server()
    columns = {
        "points": {"action": "incr"},
        "labels": {"action": "add"},
        "address": {"action": "upsert", "submatch": "city"},
        "card": {"empty": "clear"},
    }
    table = [["email", *columns], ["a@example.com", "-5", "a, b", "Tula", ""], ["b@example.com", "", "", "", "7"]]

    job = travel(anna, connection_to(recording), table, columns=columns)

    assert bodies(recording)[0]["data"] == [
        {
            "email": "a@example.com",
            "points": {"action": "incr", "value": -5},
            "labels": {"action": "add", "value": ["a", "b"]},
            "address": {"action": "upsert", "value": "Tula", "submatch": "city"},
            "card": {"action": "unset"},
        },
        {"email": "b@example.com", "card": "7"},
    ]
    assert job.unsafe_reasons == ["function_incr", "function_add"]


def test_a_status_is_sent_only_where_a_rule_says_so(anna: Any, server: Server) -> None:
    recording = server()
    rules = (SubscriptionRule("email", 1), SubscriptionRule("email", 2, status="unsubscribed", priority=0))

    job = travel(anna, connection_to(recording), [["email"], ["a@example.com"]], subscriptions=rules)

    plain, explicit = bodies(recording)[0]["data"][0]["subscriptions"]
    assert set(plain) == {"channel", "resource_id", "email_data"}
    assert (explicit["status"], explicit["priority"]) == ("unsubscribed", 0)
    assert job.unsafe_reasons == ["explicit_status"]


ROWS = [["email"], ["a@example.com"], ["b@example.com"]]
IDS = {**OK, "result": [{"profile_id": "6613c4754a5d12bd6cc0915f"}, {"profile_id": "6613c4754a5d12bd6cc09163"}]}
MIXED = {**OK, "result": [{**OK, "profile_id": "6613c4754a5d12bd6cc0915f"}, {"error": 9, "error_text": "no"}]}
TASK = {**OK, "task_id": "6613c4bf4a5d12bd6cc09167"}


@pytest.mark.parametrize(
    ("answer", "counts"), [(IDS, (2, 0, 0)), (MIXED, (1, 1, 0)), (TASK, (0, 0, 2))], ids=["ids", "errors", "task"]
)
def test_the_three_answers_of_a_scenario(anna: Any, server: Server, answer: Any, counts: Any) -> None:
    recording = server(answers(200, answer))

    job = travel(anna, connection_to(recording), ROWS, operation="scenario", scenario_id=12)

    sums = totals(job)
    assert (sums.accepted, sums.rejected, sums.unknown) == counts
    assert sums.closes
    assert len(recording.requests) == 1
    if answer is TASK:
        assert job.state == JobState.NEEDS_DECISION
        assert job.batches.get().attempts.get().reason == "task_only"


def test_single_answers_belong_to_their_rows(anna: Any, server: Server) -> None:
    recording = server(answers(200, {"error": 404, "error_text": "Profile not found"}), takes)

    job = travel(anna, connection_to(recording, parallel=1), ROWS, operation="update", single=True)

    rows, _ = row_page(job, RowFilter())
    assert [(row.outcome, row.error, row.profile_id) for row in rows] == [
        ("rejected", 404, ""),
        ("accepted", 0, "a" * 24),
    ]
    assert len({dict(request.headers)["Request-ID"] for request in recording.requests}) == 2


@pytest.mark.parametrize(
    ("choices", "code"),
    [
        ({"operation": "scenario", "scenario_id": 13}, "scenario_other_database"),
        ({"operation": "scenario", "scenario_id": 99}, "scenario_unknown"),
        ({"operation": "scenario"}, "scenario_missing"),
        ({"operation": "scenario", "scenario_id": 12, "single": True}, "single_not_for_call"),
        (
            {"operation": "scenario", "scenario_id": 12, "matching": "", "custom_request": "["},
            "custom_request_malformed",
        ),
        ({"operation": "scenario", "scenario_id": 12, "custom_request": "{}"}, "custom_request_with_matching"),
        ({"matching": "profile_id"}, "matching_not_for_call"),
        ({"matching": "custom_sub"}, "match_field_missing"),
        ({"database_id": 5, "subscriptions": (SubscriptionRule("email", 28),)}, "resource_not_bound"),
        ({"subscriptions": (SubscriptionRule("viber", 28),)}, "channel_not_in_resource"),
        ({"subscriptions": (SubscriptionRule("email", 99),)}, "resource_unknown"),
        ({"subscriptions": (NEWS, NEWS)}, "subscription_twice"),
        (
            {"subscriptions": (SubscriptionRule("email", 28, custom_fields=(("town", "x"),)),)},
            "subscription_field_unknown",
        ),
        ({"single": True, "add_to_segments": (99,)}, "segment_unknown"),
        ({"single": True, "add_to_segments": (2,), "remove_from_segments": (2,)}, "segment_in_and_out"),
    ],
)
def test_choices_the_account_cannot_carry_out_are_named(sandbox: Any, choices: Choices, code: str) -> None:
    connection = actions.add_connection(name="Sandbox", base_url=sandbox.url, token=sandbox.token, by=None)
    lists = ("databases", "resources", "scenarios", "segments", "resource_fields/28/email")
    assert actions.refresh_catalogue(connection, *lists) == []

    faults = actions.destination_faults(connection, Destination(**({"database_id": 1} | choices)))

    assert code in [found for found, _ in faults]
