"""The names base.html links to, and the gallery of parts, which only DEBUG mounts."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.generic import TemplateView

from dashboard.gallery import SAMPLE


def elsewhere(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


NAMES = (
    "home", "job_list", "job_new", "form_new", "history", "preset_list", "help", "administration", "sending_switch",
    "login", "logout", "set_language", "preferences", "news", "approval_list", "system", "answer_list",
)  # fmt: skip
urlpatterns = [
    *(path(f"{name}/", elsewhere, name=name) for name in NAMES),
    path("parts/", TemplateView.as_view(template_name="gallery.html", extra_context=SAMPLE), name="parts"),
]
