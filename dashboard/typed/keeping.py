"""What was typed outlives the session: it travels through the sign-in page and back, and is stored nowhere."""

from collections.abc import Callable
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from dashboard.forms.signing import SignInForm
from dashboard.requests import Request

KEPT = "kept"
PAGES = ("form_new", "form_several")
AGAIN = frozenset({"csrfmiddlewaretoken", "show", "refresh", "check"})
View = Callable[..., HttpResponseBase]


def keeps_what_was_typed(view: View) -> View:
    """Mark a page that may be posted by somebody whose session has ended: after signing in it is as it was."""
    view.keeps_what_was_typed = True  # type: ignore[attr-defined]
    return view


class SignInAgainMiddleware:
    """Stands before the door of signed-in people and takes in what was typed; all else is the door's to decide."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(self, request: Request, view: View, *_arguments: Any) -> HttpResponse | None:
        """The sign-in page for a stranger's post to a marked page, None for everything else."""
        marked = request.method == "POST" and getattr(view, "keeps_what_was_typed", False)
        return _sign_in(request) if marked and not request.user.is_authenticated else None


def goes_on(request: Request) -> HttpResponse | None:
    """For somebody who has signed in: the page that goes on with what was typed; None when nothing was."""
    pages = [reverse(name) for name in PAGES]
    if not request.POST.get(KEPT) or request.POST.get("next") not in pages:
        return None
    context = {"fields": _unpacked(request.POST[KEPT]), "page": request.POST["next"]}
    return render(request, "form/goes_on.html", context)


def _sign_in(request: Request) -> HttpResponse:
    context = {"form": SignInForm(request), "next": request.path, "kept": _packed(request.POST)}
    answer = render(request, "registration/login.html", context)
    if request.htmx:  # the whole page gives way, not the part that asked
        answer["HX-Retarget"], answer["HX-Reswap"] = "body", "innerHTML"
    return answer


def _packed(given: QueryDict) -> str:
    pairs = [(name, value) for name, values in given.lists() for value in values if name not in AGAIN]
    return orjson.dumps(pairs).decode()


def _unpacked(text: str) -> list[tuple[str, str]]:
    try:
        return [(str(name), str(value)) for name, value in orjson.loads(text)]
    except (ValueError, TypeError):
        return []
