"""What was typed outlives the session: it travels through the sign-in page and back, and is stored nowhere."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import orjson
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from dashboard.requests import Request

KEPT = "kept"
PAGES = ("form_new", "form_several")
AGAIN = frozenset({"csrfmiddlewaretoken", "show", "refresh", "check"})
View = Callable[..., HttpResponseBase]


def keeps_what_was_typed(view: View) -> View:
    """Let a page of typed people be posted by somebody whose session has ended: after signing in it is as it was."""

    @login_not_required
    @wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        return _sign_in(request) if request.method == "POST" else redirect_to_login(request.get_full_path())

    return guarded


def goes_on(request: Request) -> HttpResponse | None:
    """For somebody who has signed in: the page that goes on with what was typed; None when nothing was."""
    pages = [reverse(name) for name in PAGES]
    if not request.POST.get(KEPT) or request.POST.get("next") not in pages:
        return None
    context = {"fields": _unpacked(request.POST[KEPT]), "page": request.POST["next"]}
    return render(request, "form/goes_on.html", context)


def _sign_in(request: Request) -> HttpResponse:
    context = {"form": AuthenticationForm(request), "next": request.path, "kept": _packed(request.POST)}
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
