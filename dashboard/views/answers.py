"""What Altcraft's answers mean here: those nobody has explained yet, those admins have, those the documents do."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dashboard.access import house_only
from dashboard.forms.notes import NoteForm
from dashboard.presenting.dictionary import UNEXPLAINED, Dictionary, documented_codes
from dashboard.requests import Request
from dashboard.telling import RefusalAt
from imports import actions
from imports.models import ErrorNote
from imports.results import refusals


@never_cache
@require_GET
@house_only
def answer_list(request: Request) -> HttpResponse:
    """The queue of answers without words, then every word there is."""
    dictionary = Dictionary()
    asking = [one for one in refusals() if dictionary.meaning(one.code, one.text).source == UNEXPLAINED]
    context = {
        "asking": asking,
        "notes": ErrorNote.objects.order_by("code", "pattern"),
        "documented": documented_codes(),
    }
    return render(request, "answers/list.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@house_only
def answer_note(request: Request, pk: int = 0) -> HttpResponse:
    """Write about an answer, or change what was written."""
    note = get_object_or_404(ErrorNote, pk=pk) if pk else None
    about = {"code": request.GET.get("code", "")[:20], "pattern": request.GET.get("text", "")[:200]}
    form = NoteForm(request.POST or None, note=note, about=about)
    if request.method == "POST" and form.is_valid():
        with RefusalAt(form):
            actions.write_note(**form.cleaned_data, by=request.user, instead_of=note)
            messages.success(request, _("Your words are kept and shown wherever this answer is."))
            return redirect("answer_list")
    status = 422 if form.errors else 200
    return render(request, "answers/note.html", {"form": form, "note": note}, status=status)


@require_POST
@house_only
def answer_note_remove(request: Request, pk: int) -> HttpResponse:
    """Take a note away."""
    actions.remove_note(get_object_or_404(ErrorNote, pk=pk), by=request.user)
    return redirect("answer_list")
