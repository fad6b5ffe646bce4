"""People: who may sign in, as what, of which team. For admins, of their own team or of every one."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dashboard.access import admins_only
from dashboard.forms.people import NamesForm, PeopleFilter, ProvenPlaceForm
from dashboard.presenting import people
from dashboard.presenting.journal import timeline
from dashboard.requests import Request
from dashboard.stepup import StepUpForm
from dashboard.telling import RefusalAt, tell_done
from imports import actions

SHOWN = 200
FIELDS = {"email_taken": "email", "email_wrong": "email", "role_needs_team": "team", "team_not_yours": "team"}


@never_cache
@require_GET
@admins_only
def person_list(request: Request) -> HttpResponse:
    """Everybody this admin answers for, by name, and the invitations nobody has answered."""
    form = PeopleFilter(request.GET, user=request.user)
    mine = actions.users_managed_by(request.user).select_related("person__team").prefetch_related("groups")
    found = list(form.narrow(mine).distinct().order_by("first_name", "last_name", "username")[: SHOWN + 1])
    context = {
        "form": form,
        "people": people.listed(found[:SHOWN]),
        "more": len(found) > SHOWN,
        "filtered": any(request.GET.get(name) for name in form.fields),
        "invitations": people.open_invitations(request.user),
    }
    return render(request, "people/list.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@admins_only
def person_page(request: Request, pk: int) -> HttpResponse:
    """One person; a POST changes name and, after a proof, address."""
    person = _person(request, pk)
    form = NamesForm(request.POST if request.method == "POST" else None, person=person, request=request)
    if form.is_valid():
        with RefusalAt(form, FIELDS):
            actions.change_person(person, **form.names(), by=request.user)
            messages.success(request, _("The changes are saved."))
            return redirect("person_page", pk=pk)
    return _page(request, person, names=form)


@never_cache
@require_POST
@admins_only
def person_place(request: Request, pk: int) -> HttpResponse:
    """Another role or team, from the person's next request on; after a proof."""
    person = _person(request, pk)
    form = ProvenPlaceForm(request.POST, by=request.user, request=request)
    if form.is_valid():
        with RefusalAt(form, FIELDS):
            actions.change_place(person, form.place(), by=request.user)
            messages.success(request, _("Role and team count from the person's next page on."))
            return redirect("person_page", pk=pk)
    return _page(request, person, place=form)


@require_POST
@admins_only
def person_off(request: Request, pk: int) -> HttpResponse:
    """No sign-in any more; whoever is signed in as this person is out at the next request."""
    done = _("The person is switched off and signed out everywhere.")
    return _acted(request, pk, actions.switch_person_off, done)


@require_POST
@admins_only
def person_on(request: Request, pk: int) -> HttpResponse:
    """Sign-in works again."""
    return _acted(request, pk, actions.switch_person_on, _("The person can sign in again."))


@require_POST
@admins_only
def person_factor(request: Request, pk: int) -> HttpResponse:
    """Take away a second factor whose phone is gone; after a proof."""
    if pk == request.user.pk:
        raise Http404  # one's own is taken away in one's settings
    person = _person(request, pk)
    form = StepUpForm(request.POST, request=request)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["proof"])))
        return _page(request, person, status=422)
    done = _("The second factor is gone. Whoever has to have one sets it up anew at the next sign-in.")
    return _acted(request, pk, actions.reset_second_factor, done)


def _acted(request: Request, pk: int, action: Any, done: str) -> HttpResponse:
    person = _person(request, pk)
    tell_done(request, done, lambda: action(person, by=request.user))
    return redirect("person_page", pk=pk)


def _person(request: Request, pk: int) -> Any:
    """Somebody this admin answers for; 404 for everybody else."""
    found = actions.users_managed_by(request.user).select_related("person__team").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _page(request: Request, person: Any, *, names: Any = None, place: Any = None, status: int = 200) -> HttpResponse:
    wrong = [form for form in (names, place) if form is not None and form.errors]
    kept = get_user_model()._default_manager.select_related("person__team").get(pk=person.pk)
    context = {
        "shown": people.listed([kept])[0],
        "names": names or NamesForm(person=kept, request=request),
        "place": place or ProvenPlaceForm(by=request.user, place=actions.place_of(kept), request=request),
        "proof": StepUpForm(request=request, auto_id="factor_%s"),
        "wrong": wrong[0] if wrong else None,
        "oneself": kept.pk == request.user.pk,
        "events": timeline(people.about(kept, request.user)),
    }
    return render(request, "people/person.html", context, status=422 if wrong else status)
