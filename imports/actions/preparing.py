"""Rows of a slice to the exact JSON texts that are sent: what rehearsal and real run share."""

from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any

from imports.actions.connections import mapped_fields, subscribing
from imports.actions.errors import Refused
from imports.actions.furthercontacts import Pairs, further_contacts
from imports.actions.requests import batch_request
from imports.batching import too_large
from imports.byteorder import little_endian
from imports.destination import Destination
from imports.mapping import ColumnMapping, Kind, Problem
from imports.models import Connection, ImportJob
from imports.prepared import PreparedTexts, join_lines, join_texts
from imports.profiles import beside_data, build_profiles
from imports.reading import RECORDS, TableSlice
from imports.validation import Change, Cleaned, clean_slice, match_keys, match_members

EMPTY = (b"{}", b'{"data":{}}')
CONTACT_MATCHINGS = {"email": "email", "phones": "phone"}  # the mode that looks for each


@dataclass(slots=True)
class Prepared:
    """The good rows of a slice, in order: their places, JSON texts and key hashes; and the problems of the others.

    `contacts` are hashes of contacts people are not found by, by field: the same in two rows is worth telling.
    `further` are those of all other contacts that go.
    """

    good: list[int]
    texts: PreparedTexts
    keys: Sequence[int]
    problems: list[Problem]
    cleaned: Cleaned
    contacts: dict[str, Sequence[int]] = field(default_factory=dict)
    further: Pairs = field(default_factory=list)

    @property
    def changes(self) -> list[Change]:
        """What does not go as the file has it, in the rows that go."""
        sent = set(self.good) if self.cleaned.changes else set()
        return [change for change in self.cleaned.changes if change.index in sent]

    def without(self, faults: dict[int, Problem]) -> "Prepared":
        """The same without the good rows at these positions, whose problems are given."""
        if not faults:
            return self
        kept = [place for place in range(len(self.good)) if place not in faults]
        moved = {place: now for now, place in enumerate(kept)} if self.further else {}
        return Prepared(
            [self.good[place] for place in kept],
            PreparedTexts(join_texts([self.texts.text(place) for place in kept])),
            [self.keys[place] for place in kept],
            [*self.problems, *faults.values()],
            self.cleaned,
            {name: [hashes[place] for place in kept] for name, hashes in self.contacts.items()},
            [(moved[place], one) for place, one in self.further if place in moved],
        )


def judge(
    connection: Connection, destination: Destination, mapping: ColumnMapping, columns: Sequence[Sequence[str]]
) -> Cleaned:
    """Clean and judge rows by everything that was chosen; nothing is stored, nothing is sent."""
    fields = mapped_fields(connection, destination.database_id, mapping)
    matching, match_field = destination.key_rule
    asked = subscribing(connection, destination)
    return clean_slice(columns, mapping, fields, matching=matching, match_field=match_field, subscribing=asked)


def prepare(job: ImportJob, table: TableSlice) -> Prepared:
    """Judge a slice and build the profile of every good row. Raise Refused("not_mapped_yet")."""
    connection, destination = job.connection, job.destination
    if connection is None or destination is None:
        raise Refused("not_mapped_yet")
    cleaned = judge(connection, destination, decided_mapping(job), table.columns)
    problems = [*(Problem(*fault) for fault in table.faults), *cleaned.problems]
    bad = {problem.index for problem in problems}
    good = [index for index in range(len(table.row_numbers)) if index not in bad]
    by_tags = _is_by_tags(connection, destination, job.mapping)
    texts = _texts(connection, destination, cleaned, good, by_tags=by_tags)
    rules = destination.subscriptions
    values: Mapping[str, Sequence[Any]] = cleaned.values
    if by_tags:  # INFERRED: the order of the tags does not matter
        values = _with_combination(values, destination.match_field, ordered=True)
    keys = cleaned.keys
    if by_tags or destination.duplicate_rule != destination.key_rule:
        keys = match_keys(values, *destination.duplicate_rule, rules, cleaned.subscribed)
    hashes = key_hashes(map(keys.__getitem__, good))
    contacts = _contacts(destination, cleaned, good)
    further = further_contacts(destination, cleaned, good, keys, set(contacts))
    prepared = Prepared(good, texts, hashes, problems, cleaned, contacts, further)
    return _without_heavy(_without_empty(prepared, destination), job, connection)


def decided_mapping(job: ImportJob) -> ColumnMapping:
    """The mapping with every date column's order, the country of phones without a code, and which columns of a JSON
    file hold objects, filled in."""
    orders, region = job.date_orders or {}, job.destination.phone_region if job.destination else ""
    nested = nested_headers(job)
    return ColumnMapping(
        tuple(
            replace(
                t,
                date_order=t.date_order or orders.get(str(t.column), ""),
                region=t.region or region,
                nested=job.headers[t.column] in nested,
            )
            for t in job.mapping.targets
        )
    )


def nested_headers(job: ImportJob) -> set[str | None]:
    """The columns of a JSON file some cells of which hold objects."""
    is_json = job.options is not None and job.options.format == RECORDS
    return {params.get("header") for code, params in job.notes if code == "json_nested"} if is_json else set()


def _is_by_tags(connection: Connection, destination: Destination, mapping: ColumnMapping) -> bool:
    """Whether people are found by a combination of tags."""
    if destination.key_rule[0] != "custom":
        return False
    field = mapped_fields(connection, destination.database_id, mapping).get(destination.match_field)
    return field is not None and field.kind is Kind.TAGS


def _with_combination(
    values: Mapping[str, Sequence[Any]], name: str, *, ordered: bool = False
) -> dict[str, Sequence[Any]]:
    """The values with the tags of this field as one string. Source: profiles/import_batch, Request parameters
    (field_value): "tag-1, tag-2"."""
    rows = [sorted(tags) if ordered and isinstance(tags, list) else tags for tags in values[name]]
    return {**values, name: [", ".join(tags) if isinstance(tags, list) else tags for tags in rows]}


def other_contacts(destination: Destination, mapped: Collection[str]) -> list[str]:
    """The fields of contacts that are sent without being what repeats are found by."""
    mode, _ = destination.duplicate_rule
    return [name for name, telling in CONTACT_MATCHINGS.items() if name in mapped and telling not in mode]


def _contacts(destination: Destination, cleaned: Cleaned, good: list[int]) -> dict[str, Sequence[int]]:
    """Numbers that tell such contacts of the good rows apart, of several phones the first; 0 where there is none."""
    found: dict[str, Sequence[int]] = {}
    for name in other_contacts(destination, cleaned.values.keys()):
        column = cleaned.values[name]
        if name == "phones":
            firsts = [phones[0] if isinstance(phones := column[index], list) and phones else "0" for index in good]
            found[name] = array("Q", map(int, firsts))  # +E.164 has at most 15 digits: no need to hash them
        else:
            texts = (text.casefold() if isinstance(text := column[index], str) else None for index in good)
            found[name] = key_hashes(texts)
    return found


def key_hashes(keys: Iterable[str | None]) -> "array[int]":
    """64 bits of each key, to find equal ones; 0 for a row without a key."""
    unused, nothing = blake2b(digest_size=8), bytes(8)
    digests = []
    for key in keys:
        if not key:
            digests.append(nothing)
            continue
        own = unused.copy()  # to make a new one takes longer than to hash a key with it
        own.update(key.encode())
        digests.append(own.digest())
    return little_endian(array("Q", b"".join(digests)))


def _texts(
    connection: Connection, destination: Destination, cleaned: Cleaned, good: list[int], *, by_tags: bool
) -> PreparedTexts:
    values: Mapping[str, Sequence[Any]] = cleaned.values
    single = destination.single
    searched = _with_combination(values, destination.match_field) if by_tags else values
    if by_tags and not single:  # in a batch the value searched by stands inside the profile (Request example)
        values = searched
    if single:  # a single call has the id beside the profile, not in it (Import or update a profile, matching)
        values = {name: column for name, column in values.items() if name != "profile_id"}
    lines = build_profiles(
        values,
        good,
        subscriptions=destination.subscriptions,
        nested_email=connection.nested_email_single if single else connection.nested_email,
        wrapped=destination.operation == "scenario",
        subscribed=cleaned.subscribed,
    )
    if single:
        members = match_members(searched, *destination.key_rule, destination.subscriptions, cleaned.subscribed)
        lines = beside_data(lines, [members[index] if members else {} for index in good])
    return PreparedTexts(join_lines(lines))


def _without_empty(prepared: Prepared, destination: Destination) -> Prepared:
    """Adding a profile without any value would make an empty one. Source: profiles/add."""
    if destination.operation != "add":
        return prepared
    empty = [place for place in range(len(prepared.texts)) if prepared.texts.text(place) in EMPTY]
    return prepared.without({place: Problem(prepared.good[place], -1, "profile_empty", {}) for place in empty})


def _without_heavy(prepared: Prepared, job: ImportJob, connection: Connection) -> Prepared:
    limit, sizes = connection.bytes_per_request, prepared.texts.lengths
    envelope = batch_request(job).envelope_size()
    heavy = too_large(sizes, max_bytes=limit, envelope=envelope)
    told = {place: {"bytes": str(sizes[place]), "limit": str(limit - envelope)} for place in heavy}
    return prepared.without(
        {place: Problem(prepared.good[place], -1, "profile_too_large", params) for place, params in told.items()}
    )
