"""What became of a press of a button, told on the page that comes next."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages

from dashboard.requests import Request
from imports import actions
from imports.wording import fault_text


def tell_refusal(request: Request, fault: actions.Refused) -> None:
    """Why nothing was done, and what to do."""
    messages.error(request, fault_text(fault.code, fault.params))


def tell_done(request: Request, done: str, action: Callable[[], Any]) -> None:
    """Do it and say so, or say why it was refused."""
    try:
        action()
    except actions.Refused as fault:
        tell_refusal(request, fault)
    else:
        messages.success(request, done)
