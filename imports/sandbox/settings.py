"""How the platform behaves as long as nothing is wrong; what the documents leave open can be switched here."""

from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeVar

T = TypeVar("T")


def option(default: Any, text: str, choices: tuple[str, ...] = ()) -> Any:
    """A dataclass field that is also a command line option and a name of POST /sandbox/control."""
    return field(default=default, metadata={"help": text, "choices": choices})


@dataclass(frozen=True, slots=True)
class Settings:
    http_errors: bool = option(False, "answer the code of an outer error as the HTTP status too")
    deduplication: str = option(
        "on", "what a repeated Request-ID does; refuse: refuse it when the body differs", ("on", "off", "refuse")
    )
    scenario_answer: str = option(
        "ids",
        "entries of a scenario start: profile_id alone, with error codes, or a task_id",
        ("ids", "errors", "task"),
    )
    failed_id: str = option("empty", "profile_id of a profile that was not taken", ("empty", "missing", "null"))
    body_limit: int = option(10_000_000, "bytes a request body may have")
    profile_limit: int = option(0, "profiles a request may hold, answered like a body too large; 0: any number")
    idle_seconds: float = option(75.0, "a kept-alive connection is closed after so long a silence")


class UnknownOption(Exception):
    """Names what cannot be set, and what can."""


def changed(options: T, given: dict[str, Any]) -> T:
    """`options` (a dataclass of `option` fields) with the given ones set. Raises UnknownOption."""
    known = {each.name: each for each in fields(options)}  # type: ignore[arg-type]
    for name, value in given.items():
        if name not in known:
            raise UnknownOption(f"{name} is not an option; there are: {', '.join(known)}")
        _refuse_wrong(known[name], value)
    converted = {name: _type_of(known[name])(value) for name, value in given.items()}
    return replace(options, **converted)  # type: ignore[type-var]


def _refuse_wrong(option: Any, value: Any) -> None:
    wanted, choices = _type_of(option), option.metadata["choices"]
    fits = type(value) is wanted or (wanted is float and type(value) is int)
    if not fits:
        raise UnknownOption(f"{option.name} wants a value of type {wanted.__name__}")
    if choices and value not in choices:
        raise UnknownOption(f"{option.name} is one of: {', '.join(choices)}")
    if wanted in (int, float) and value < 0:
        raise UnknownOption(f"{option.name} cannot be negative")


def _type_of(option: Any) -> Any:
    return type(option.default)
