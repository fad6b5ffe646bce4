"""The Altcraft platform's HTTP API (v1.1): what to send, how to send it once, and what the answer means."""

from imports.altcraft import catalogue
from imports.altcraft.answers import Answer, AnswerClass
from imports.altcraft.calls import CALLS, SINGLE_CALLS, BatchRequest, Call, SingleRequest
from imports.altcraft.client import Client
from imports.altcraft.errors import CallFailed, CodedError, InvalidRequest, NotAllowed
from imports.altcraft.repeating import unsafe_reasons
from imports.altcraft.secret import Secret

__all__ = [
    "CALLS",
    "SINGLE_CALLS",
    "Answer",
    "AnswerClass",
    "BatchRequest",
    "Call",
    "CallFailed",
    "Client",
    "CodedError",
    "InvalidRequest",
    "NotAllowed",
    "Secret",
    "SingleRequest",
    "catalogue",
    "unsafe_reasons",
]
