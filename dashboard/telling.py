"""What became of a press of a button, told on the page that comes next, or beside the form's field it is about."""

from collections.abc import Callable, Mapping
from types import TracebackType
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


class RefusalAt:
    """`with RefusalAt(form, "name"):` - what is refused inside stands at this field, and the block ends there.

    Where it depends on the code, `field` says which by code; what is named nowhere stands above the form.
    """

    def __init__(self, form: Any, field: str | Mapping[str, str] | None = None) -> None:
        self._form, self._field = form, field

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, _: TracebackType | None) -> bool:
        if not isinstance(fault, actions.Refused):
            return False
        field = self._field.get(fault.code) if isinstance(self._field, Mapping) else self._field
        self._form.add_error(field, fault_text(fault.code, fault.params))
        return True
