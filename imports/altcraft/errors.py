"""What the package raises. Every exception carries a code and string params, never a sentence, a token or a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from imports.altcraft.answers import Answer


class CodedError(ValueError):
    """A refusal of our own, before anything is sent: `code` for the texts, `params` for the blanks in them."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.code, self.params)


def _rebuild(kind: type[CodedError], code: str, params: dict[str, str]) -> CodedError:
    return kind(code, **params)


class NotAllowed(CodedError):
    """The address or the token of a connection may not be used."""


class InvalidRequest(CodedError):
    """The request would not be one its page describes."""


class CallFailed(Exception):
    """A read call did not bring what was asked for; `answer` says how."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer)
        self.answer = answer

    @property
    def reason(self) -> str:
        return self.answer.reason

    def __str__(self) -> str:
        return f"{self.answer.kind}: {self.answer.reason} (http {self.answer.http_status}, error {self.answer.error})"
