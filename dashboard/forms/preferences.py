"""What a person chooses for themselves."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dashboard.zones import zone_choices
from imports.models import MailWish, Preferences

LANGUAGES = (("", _("As the browser asks for")), ("en", "English"), ("ru", "Русский"))


class PreferencesForm(forms.Form):
    """Language, clock and mail; each says what happens when nothing is chosen."""

    hide_optional = True
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, required=False)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), required=False, help_text=_("Every time on every page is told by this clock.")
    )
    mail = forms.ChoiceField(label=_("Letters to me"), choices=MailWish.choices, widget=forms.RadioSelect)

    mail_approvals = forms.BooleanField(
        label=_("A letter when my approval is asked for"),
        required=False,
        help_text=_("A question is open for a day, so it is good to hear of it."),
    )

    def __init__(self, given: Any = None, *, chosen: Preferences, approves: bool = False) -> None:
        names = ("language", "time_zone", "mail", "mail_approvals")
        super().__init__(given, initial={name: getattr(chosen, name) for name in names})
        if not approves:
            del self.fields["mail_approvals"]
        zones = zone_choices(timezone.now(), settings.TIME_ZONE)
        self.fields["time_zone"].choices = zones  # type: ignore[attr-defined]
