"""Saying that an edit made an approval void."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from dashboard.requests import Request
from imports.models import Approval
from imports.states import ApprovalState

View = Callable[..., HttpResponseBase]


def says_what_is_void(view: View) -> View:
    """Around a view that may edit an import: when its POST has made an approval void, the next page says so."""

    @wraps(view)
    def watched(request: Request, uuid: UUID, *args: Any, **kwargs: Any) -> HttpResponseBase:
        before = list(Approval.objects.unused().filter(job__uuid=uuid)) if request.method == "POST" else []
        answer = view(request, uuid, *args, **kwargs)
        for one in before:
            if Approval.objects.filter(pk=one.pk, state=ApprovalState.VOID).exists():
                messages.warning(request, void_sentence(one))
        return answer

    return watched


def void_sentence(before: Approval) -> str:
    """Of an approval as it was before the edit."""
    if before.state == ApprovalState.APPROVED:
        return _("The approval of %(who)s is void now: ask for a new one once it is checked.") % {
            "who": before.closer_name
        }
    return _("The question for an approval is void now: ask anew once it is checked.")
