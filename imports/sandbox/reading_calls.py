"""The calls that ask, and the two that move one profile into or out of a static segment.

Key letters are as each page prints them: `Groups: [{Id, Name}]` for databases and segments, `groups: [{id, name}]`
for resources and scenarios.
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from .answers import Answer, success
from .catalogue import Segment
from .errors import CallRefused, Refused
from .matching import Search, asked_profile
from .people import Profile
from .platform import Platform

Body = dict[str, Any]
_PAGE_LIMIT = 1000


def _number(body: Body, name: str, default: int | None = None) -> int:
    value = body.get(name, default)
    if type(value) is not int:
        raise CallRefused("request", f"{name}: int expected")
    return value


def _page(body: Body, things: Mapping[int, Any], shown: Callable[[Any], dict[str, Any]]) -> Answer:
    """Source: databases/list, resources/list, segments/list: from_id (1), limit (1000), next_from_id, total_count."""
    start, limit = _number(body, "from_id", 1), _number(body, "limit", _PAGE_LIMIT)
    chosen = [number for number in sorted(things) if number >= start][: max(limit, 0)]
    after = chosen[-1] + 1 if chosen else start
    return success(data=[shown(things[number]) for number in chosen], next_from_id=after, total_count=len(things))


def _one(body: Body, things: Mapping[int, Any], missing: str, name: str = "id") -> Any:
    found = things.get(_number(body, name))
    if found is None:
        raise CallRefused(missing)
    return found


# --- databases, resources, scenarios ---


def databases_list(platform: Platform, body: Body) -> Answer:
    return _page(
        body,
        platform.catalogue.databases,
        lambda database: {
            "id": database.id,
            "name": database.name,
            "ui_tags": [],
            "Groups": [{"Id": 1, "Name": database.group}],
        },
    )


def databases_get(platform: Platform, body: Body) -> Answer:
    found = _one(body, platform.catalogue.databases, "no_database")
    about = {"id": found.id, "name": found.name, "suppress_id": found.suppress_id, "description": found.description}
    return success(data=about)


def databases_fields_get(platform: Platform, body: Body) -> Answer:
    """The parameter's name is stated nowhere: `id` as in databases/get, or `db_id` as everywhere else."""
    name = "id" if "id" in body else "db_id"
    found = _one(body, platform.catalogue.databases, "no_database", name)
    return success(data=[field.described() for field in found.all_fields()])


def resources_list(platform: Platform, body: Body) -> Answer:
    return _page(
        body,
        platform.catalogue.resources,
        lambda resource: {"id": resource.id, "name": resource.name, "groups": [{"id": 1, "name": "Demo"}]},
    )


def resources_get(platform: Platform, body: Body) -> Answer:
    found = _one(body, platform.catalogue.resources, "no_resource")
    about = {"channels": list(found.channels), "dbs_ids": list(found.database_ids), "id": found.id, "name": found.name}
    return success(data=about | {"trk_domain": "", "url": found.url})


def resources_fields_get(platform: Platform, body: Body) -> Answer:
    found = _one(body, platform.catalogue.resources, "no_resource")
    channel = body.get("channel")
    if channel not in found.channels:
        raise CallRefused("request", "channel: one of the resource's channels expected")
    return success(data=found.fields(str(channel)))


def workflows_list(platform: Platform, body: Body) -> Answer:
    return _page(
        body,
        platform.catalogue.scenarios,
        lambda scenario: {
            "id": scenario.id,
            "name": scenario.name,
            "list_id": scenario.database_id,
            "is_active": scenario.is_active,
            "ui_tags": [],
            "mode": "default",
            "groups": [{"id": 1, "name": "Demo"}],
            "nodes": [{"name": "Default", "type": "start"}],
        },
    )


# --- segments ---


def segments_list(platform: Platform, body: Body) -> Answer:
    return _page(
        body,
        platform.catalogue.segments,
        lambda segment: {
            "id": segment.id,
            "name": segment.name,
            "ui_tags": [],
            "Groups": [{"Id": 1, "Name": "Demo"}],
        },
    )


def segments_get(platform: Platform, body: Body) -> Answer:
    found = _one(body, platform.catalogue.segments, "no_segment")
    return success(data={"count": len(found.members), "id": found.id, "name": found.name, "segment": []})


def static_segment(platform: Platform, number: Any, database_id: int) -> Segment:
    """Raises CallRefused where the segment is unknown, of another database, or not filled by hand."""
    found = platform.catalogue.segments.get(number) if type(number) is int else None
    if found is None or found.database_id != database_id:
        raise CallRefused("no_segment")
    if not found.is_static:
        raise CallRefused("segment_not_static")
    return found


def segstatic_add(platform: Platform, body: Body) -> Answer:
    return _segstatic(platform, body, set.add)


def segstatic_remove(platform: Platform, body: Body) -> Answer:
    return _segstatic(platform, body, set.discard)


def _segstatic(platform: Platform, body: Body, move: Callable[[set[str], str], None]) -> Answer:
    people = platform.people_of(body.get("db_id"))
    segment = static_segment(platform, body.get("segment_id"), people.info.id)
    profile_id = body.get("profile_id")
    with platform.lock:
        if type(profile_id) is not str or profile_id not in people.texts:
            raise CallRefused("no_profile")
        move(segment.members, profile_id)
        if platform.changed is not None:
            platform.changed.add(profile_id)
    return success()


# --- one profile, one task ---


def profiles_get(platform: Platform, body: Body) -> Answer:
    people = platform.people_of(body.get("db_id"))
    with platform.lock:
        try:
            found = Search(people, body).find(asked_profile(body))
        except Refused as fault:
            code, text = fault.row_error("")
            return Answer({"error": code, "error_text": text})
        if found is None:
            raise CallRefused("no_profile")
        return success(data=shown_profile(found, people.get(found)))


def shown_profile(profile_id: str, profile: Profile) -> dict[str, Any]:
    """With the system fields profiles/get adds. Source: profiles/get, response."""
    email = str(profile.get("email", ""))
    added: dict[str, Any] = {"_id": profile_id, "_acid": hashlib.sha256(profile_id.encode()).hexdigest()[:24]}
    added |= {"_createtime": int(profile_id[:8], 16), "_emaildomain": email.partition("@")[2]}
    digest = hashlib.md5(email.lower().encode(), usedforsecurity=False).hexdigest() if email else ""
    return {**added, "_md5": digest, "_is_test": False, **profile}


def tasks_status(platform: Platform, body: Body) -> Answer:
    task = platform.tasks.get(str(body.get("task_id", "")))
    if task is None:
        raise CallRefused("no_task")
    return success(data=task)


READING: dict[str, Callable[[Platform, Body], Answer]] = {
    "databases/list": databases_list,
    "databases/get": databases_get,
    "databases/fields_get": databases_fields_get,
    "resources/list": resources_list,
    "resources/get": resources_get,
    "resources/fields_get": resources_fields_get,
    "workflows/list": workflows_list,
    "segments/list": segments_list,
    "segments/get": segments_get,
    "profiles/segstatic/add": segstatic_add,
    "profiles/segstatic/remove": segstatic_remove,
    "profiles/get": profiles_get,
    "tasks/status": tasks_status,
}
