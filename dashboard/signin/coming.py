"""Letting in somebody who has just become a person here."""

from typing import Any

from allauth.account.utils import perform_login
from django.contrib.auth import logout
from django.http.response import HttpResponseBase

from dashboard.signin.adapters import HOW


def let_in(request: Any, person: Any) -> HttpResponseBase:
    """In with the password just chosen; a second factor is asked for where the policy wants one."""
    if request.user.is_authenticated:  # the browser of whoever invited, most likely
        logout(request)
    request.session[HOW] = "password"
    answer: HttpResponseBase = perform_login(request, person, redirect_url="/")
    return answer
