"""What is wrong with a destination, against the call it asks for and what the account is known to have.

Lists that were never fetched forbid nothing: the platform has the last word then.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from imports.actions.attachments import attachment_faults
from imports.actions.connections import subscription_fields
from imports.altcraft import CALLS, SINGLE_CALLS, Call
from imports.destination import DUPLICATE_RULES, Destination
from imports.mapping import SubscriptionRule
from imports.models import Connection
from imports.validation import Refused, fixed_fields

Fault = tuple[str, dict[str, str]]


def call_of(operation: str, *, single: bool = False) -> Call | None:
    """The description of the call an operation is sent by; None when there is none."""
    return (SINGLE_CALLS if single else CALLS).get(operation)


def destination_faults(connection: Connection, destination: Destination) -> list[Fault]:
    """Everything that forbids this destination, as (code, params)."""
    if destination.operation not in CALLS:
        return [("operation_unknown", {"operation": destination.operation})]
    call = call_of(destination.operation, single=destination.single)
    if call is None:
        return [("single_not_for_call", {"operation": destination.operation})]
    return [
        *_faults_of_call(call, destination),
        *_faults_of_query(destination),
        *_faults_of_lists(connection, destination),
        *(_faults_of_scenario(connection, destination) if call.takes_scenario else ()),
        *_faults_of_segments(connection, destination),
        *attachment_faults(connection, destination),
        *(fault for rule in destination.subscriptions for fault in rule.faults()),
        *(fault for rule in destination.subscriptions for fault in _faults_of_rule(connection, destination, rule)),
        *_faults_of_repeats(destination),
    ]


def _faults_of_call(call: Call, where: Destination) -> Iterator[Fault]:
    by_query = not where.matching and where.custom_request and "custom_request" in call.options
    if call.matchings and where.matching not in call.matchings and not by_query:
        yield "matching_not_for_call", {"matching": where.matching}
    if call.matchings and where.matching in ("custom", "custom_sub") and not where.match_field:
        yield "match_field_missing", {}
    if call.takes_scenario and where.scenario_id is None:
        yield "scenario_missing", {}
    if where.duplicates not in DUPLICATE_RULES:
        yield "duplicates_unknown", {"rule": where.duplicates}
    for name, _ in where.chosen_options():
        if name not in call.options:
            yield "option_not_for_call", {"option": name, "operation": where.operation}


def _faults_of_query(where: Destination) -> Iterator[Fault]:
    if not where.custom_request:
        return
    try:
        is_query = isinstance(orjson.loads(where.custom_request), dict)
    except ValueError:
        is_query = False
    if not is_query:
        yield "custom_request_malformed", {}
    if where.matching:
        yield "custom_request_with_matching", {"matching": where.matching}


def _faults_of_lists(connection: Connection, where: Destination) -> Iterator[Fault]:
    databases = connection.part("databases")
    if databases and where.database_id not in {item["id"] for item in databases}:
        yield "database_unknown", {"id": str(where.database_id)}
    resources = connection.part("resources")
    if resources and where.resource_id not in {None, *(item["id"] for item in resources)}:
        yield "resource_unknown", {"resource": str(where.resource_id)}


def _faults_of_scenario(connection: Connection, where: Destination) -> Iterator[Fault]:
    known = {item["id"]: item for item in connection.part("scenarios") or ()}
    if not known or where.scenario_id is None:
        return
    found = known.get(where.scenario_id)
    if found is None:
        yield "scenario_unknown", {"id": str(where.scenario_id)}
        return
    if found["database_id"] not in (None, where.database_id):
        told = {"name": found["name"], "database": str(found["database_id"]), "chosen": str(where.database_id)}
        yield "scenario_other_database", told
    if not found["active"]:
        yield "scenario_inactive", {"name": found["name"]}


def _faults_of_segments(connection: Connection, where: Destination) -> Iterator[Fault]:
    known = {item["id"] for item in connection.part("segments") or ()}
    for number in (*where.add_to_segments, *where.remove_from_segments):
        if known and number not in known:
            yield "segment_unknown", {"id": str(number)}
    for number in sorted({*where.add_to_segments} & {*where.remove_from_segments}):
        yield "segment_in_and_out", {"id": str(number)}


def _faults_of_rule(connection: Connection, where: Destination, rule: SubscriptionRule) -> Iterator[Fault]:
    told = {"channel": rule.channel, "resource": str(rule.resource_id)}
    known = {item["id"]: item for item in connection.part("resources") or ()}
    if known and rule.resource_id not in known:
        yield "resource_unknown", told
    elif known:
        yield from _faults_of_resource(known[rule.resource_id], where, told | {"name": known[rule.resource_id]["name"]})
    fields = subscription_fields(connection, rule.resource_id, rule.channel)
    for name, _ in rule.custom_fields:
        if fields is not None and name not in fields:
            yield "subscription_field_unknown", told | {"field": name}
    try:
        fixed_fields(rule, fields or {})
    except Refused as refused:
        yield "subscription_field_wrong", told | {"code": refused.code}


def _faults_of_resource(resource: Mapping[str, Any], where: Destination, told: dict[str, str]) -> Iterator[Fault]:
    if resource.get("database_ids") and where.database_id not in resource["database_ids"]:
        yield "resource_not_bound", told | {"database": str(where.database_id)}
    if resource.get("channels") and told["channel"] not in resource["channels"]:
        yield "channel_not_in_resource", told | {"channels": ", ".join(resource["channels"])}


def _faults_of_repeats(where: Destination) -> Iterator[Fault]:
    seen = set()
    for rule in where.subscriptions:
        same = (rule.channel, rule.resource_id, rule.contact)
        if same in seen:
            yield "subscription_twice", {"channel": rule.channel, "resource": str(rule.resource_id)}
        seen.add(same)
