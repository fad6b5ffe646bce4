"""The request as views get it: with what the middleware has added."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


class Request(HttpRequest):
    """A request; `htmx` is true when a live part of a page asks. For type checkers: nobody makes one."""

    htmx: HtmxDetails
