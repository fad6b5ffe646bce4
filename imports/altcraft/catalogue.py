"""What an account has: databases and their fields, resources, scenarios, segments.

The pages spell the same keys in different letter case and the one of databases/fields_get could not be read, so the
reader takes every shape that has one meaning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, TypeVar

from imports.altcraft.answers import Answer, AnswerClass
from imports.altcraft.client import Client
from imports.altcraft.envelope import Unreadable, member
from imports.altcraft.errors import CallFailed
from imports.altcraft.fieldtypes import neutral_type, option_texts

PAGE: Final = 1_000  # Source: databases/list, limit (default 1000)
MOST_PAGES: Final = 100  # a server whose pages never end must not hold a page of ours for ever

Item = TypeVar("Item")


class _Plain:
    __slots__ = ()

    def to_plain(self) -> dict[str, Any]:
        """As JSON-ready values."""
        plain: dict[str, Any] = asdict(self)  # type: ignore[call-overload]
        return {name: list(value) if isinstance(value, tuple) else value for name, value in plain.items()}


@dataclass(frozen=True, slots=True)
class CatalogueEntry(_Plain):
    """A database, a resource or a segment as its list shows it."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class CatalogueField(_Plain):
    """A profile field. `type` is one of fieldtypes.NEUTRAL_TYPES; `options` are the texts of an enum."""

    name: str
    title: str
    type: str
    options: tuple[str, ...] = ()
    system: bool = False
    required: bool = False


@dataclass(frozen=True, slots=True)
class CatalogueResource(_Plain):
    """A resource with the channels it sends by and the databases it is bound to."""

    id: int
    name: str
    channels: tuple[str, ...] = ()
    database_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class CatalogueScenario(_Plain):
    """A scenario; `database_id` is the database it works on (`list_id`), None when not told."""

    id: int
    name: str
    database_id: int | None = None
    active: bool = False


def fetch_databases(client: Client) -> list[CatalogueEntry]:
    """Every database the token may see. Raises CallFailed. Source: databases/list/."""
    return _fetch(client, "databases/list/", _entry)


def fetch_resources(client: Client) -> list[CatalogueEntry]:
    """Every resource, without its channels. Raises CallFailed. Source: resources/list."""
    return _fetch(client, "resources/list", _entry)


def fetch_segments(client: Client) -> list[CatalogueEntry]:
    """Every segment. Raises CallFailed. Source: segments/list/."""
    return _fetch(client, "segments/list/", _entry)


def fetch_resource(client: Client, resource_id: int) -> CatalogueResource:
    """One resource in full. Raises CallFailed. Source: resources/get, Response example."""
    answer = client.read("resources/get", {"id": resource_id})
    found = _read(lambda: _resource(_data(answer)))
    if found is None:
        raise _shape_unknown()
    return found


def fetch_scenarios(client: Client) -> list[CatalogueScenario]:
    """Every scenario. Raises CallFailed.

    Its page prints the address resources/list, a slip of copying: the calls beside it are all workflows/..., so that
    is asked first, and what the printed address gives counts only when it looks like scenarios.
    """
    try:
        return _fetch(client, "workflows/list", _scenario)
    except CallFailed as first:
        if first.answer.kind not in _TRY_OTHERWISE and first.reason != "address_wrong":
            raise
        found = _fetch(client, "resources/list", _scenario_for_certain)
        if not found:
            raise first from None
        return found


def fetch_fields(client: Client, database_id: int) -> list[CatalogueField]:
    """Every field of a database. Raises CallFailed.

    Source: named in Profile data object and Quick profile import; its own page was not found. The parameter is taken
    to be `id` as in databases/get, else `db_id`; the answer to be shaped like resources/fields_get.
    """
    try:
        answer = client.read("databases/fields_get", {"id": database_id})
    except CallFailed as first:
        if first.answer.kind not in _TRY_OTHERWISE:
            raise
        answer = client.read("databases/fields_get", {"db_id": database_id})
    return _fields(answer)


def fetch_resource_fields(client: Client, resource_id: int, channel: str) -> list[CatalogueField]:
    """The fields a subscription to the resource may have. Raises CallFailed. Source: resources/fields_get."""
    return _fields(client.read("resources/fields_get", {"id": resource_id, "channel": channel}))


def _fields(answer: Mapping[str, Any]) -> list[CatalogueField]:
    found = _read(lambda: [_field(item) for item in _field_items(_data(answer))])
    return [field for field in found if field is not None]


_TRY_OTHERWISE: Final = frozenset({AnswerClass.REFUSED_REQUEST, AnswerClass.UNREADABLE})


def _fetch(client: Client, path: str, build: Callable[[Mapping[str, Any]], Item | None]) -> list[Item]:
    """Everything the pages of a list hold, each once, in their order."""
    built = _read(lambda: [build(raw) for raw in _items(client, path)])
    return list(dict.fromkeys(item for item in built if item is not None))


def _items(client: Client, path: str) -> Iterator[Mapping[str, Any]]:
    """The rows of every page: next_from_id goes into the next call until a page is empty."""
    from_id = 1
    for _ in range(MOST_PAGES):
        answer = client.read(path, {"from_id": from_id, "limit": PAGE})
        page = _data(answer)
        if not isinstance(page, list):
            raise Unreadable("shape_unknown")
        yield from (row for row in page if isinstance(row, dict))
        following = _number(member(answer, "next_from_id"))
        if not page or following is None or following <= from_id:
            return
        from_id = following


def _data(answer: Mapping[str, Any]) -> Any:
    """The `data` of an answer; an empty list is written as null by some servers."""
    found = member(answer, "data")
    return [] if found is None else found


def _read(build: Callable[[], Item]) -> Item:
    try:
        return build()
    except Unreadable:
        raise _shape_unknown() from None


def _shape_unknown() -> CallFailed:
    return CallFailed(Answer(kind=AnswerClass.UNREADABLE, http_status=200, error=0, reason="shape_unknown"))


def _entry(raw: Mapping[str, Any]) -> CatalogueEntry | None:
    number = _number(member(raw, "id"))
    return None if number is None else CatalogueEntry(number, _title(raw, number))


def _scenario(raw: Mapping[str, Any]) -> CatalogueScenario | None:
    number = _number(member(raw, "id"))
    if number is None:
        return None
    database = _number(member(raw, "list_id"))
    active = member(raw, "is_active") not in (False, 0, "0", "false")  # one that is not told may be tried
    return CatalogueScenario(number, _title(raw, number), database, active)


def _scenario_for_certain(raw: Mapping[str, Any]) -> CatalogueScenario | None:
    return _scenario(raw) if member(raw, "list_id") is not None else None


def _resource(raw: Any) -> CatalogueResource | None:
    number = _number(member(raw, "id")) if isinstance(raw, dict) else None
    if number is None:
        return None
    channels = tuple(str(channel) for channel in _sequence(member(raw, "channels")))
    databases = tuple(one for item in _sequence(member(raw, "dbs_ids")) if (one := _number(item)) is not None)
    return CatalogueResource(number, _title(raw, number), channels, databases)


def _field_items(found: Any) -> Iterator[Mapping[str, Any]]:
    """Fields as a list, as {name: field}, or as {category: [fields]}."""
    if isinstance(found, list):
        yield from (item for item in found if isinstance(item, dict))
    elif isinstance(found, dict):
        for key, value in found.items():
            if isinstance(value, dict):
                yield _with_default("name", key, value)
            yield from (_with_default("category", key, item) for item in _sequence(value) if isinstance(item, dict))
    else:
        raise Unreadable("shape_unknown")


def _with_default(name: str, value: str, item: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**item, name: value} if member(item, name) is None else item


def _field(raw: Mapping[str, Any]) -> CatalogueField | None:
    name = member(raw, "name")
    if not isinstance(name, str) or not name:
        return None
    listed = next((found for key in ("dictionary", "options", "values") if (found := member(raw, key))), None)
    options = option_texts(listed)
    category = str(member(raw, "category") or "").casefold()
    return CatalogueField(
        name=name,
        title=str(member(raw, "title") or name),
        type=neutral_type(member(raw, "type"), name),
        options=options,
        system=category.startswith("system") or name.startswith("_") or name in ("email", "phones"),
        required=member(raw, "required") is True,
    )


def _title(raw: Mapping[str, Any], number: int) -> str:
    return str(member(raw, "name") or f"#{number}")


def _number(value: Any) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _sequence(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else ()
