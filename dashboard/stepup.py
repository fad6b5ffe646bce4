"""Proving again who one is, before something that cannot be taken back: by the password or by a code.

A form takes `StepUpForm` as a base and is made with `request=`; once it is valid, `how_proved` is "password" or
"code". A wrong proof counts like a wrong password at the door (dashboard/signin/counting.py). Judge it outside of a
transaction that may be rolled back: a code is used up, and a failure counted, for good.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from dashboard.signin.counting import TOO_OFTEN, count_failure, is_locked_out
from imports import actions

PASSWORD, CODE = "password", "code"
FIELD = "proof"


class StepUpField(forms.CharField):
    """The password of the person, or a code of their app: one field for both."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("label", _("Your password, or a code of your app"))
        more.setdefault("help_text", _("So that nobody else can do it on your open page."))
        more.setdefault("widget", forms.PasswordInput({"autocomplete": "current-password"}))
        more.setdefault("error_messages", {"required": _("Type your password, or a code of your app.")})
        super().__init__(max_length=512, strip=False, **more)


class StepUpForm(forms.Form):
    """Base of forms that want a proof; `proof` stands last. `how_proved` is "" until the form is valid."""

    proof = StepUpField()
    how_proved = ""

    def __init__(self, *args: Any, request: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._request = request
        self.fields[FIELD] = self.fields.pop(FIELD)

    def needs_proof(self, given: dict[str, Any]) -> bool:
        """Forms where only some choices want one make the field optional and say here which."""
        return True

    def clean(self) -> dict[str, Any]:
        """Judged last, and only when all else is right: a code is good once."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors or not self.needs_proof(given):
            return given
        try:
            if not given.get(FIELD):
                raise ValidationError(self.fields[FIELD].error_messages["required"], code="required")
            self.how_proved = judge(self._request, given[FIELD])
        except ValidationError as fault:
            self.add_error(FIELD, fault)
        return given


def prove_again(request: Any) -> str:
    """What the posted field `proof` proves: "password", "code", or "" when it is wrong or was wrong too often."""
    try:
        return judge(request, request.POST.get(FIELD, ""))
    except ValidationError:
        return ""


def judge(request: Any, typed: str) -> str:
    """ "password" or "code". Raise ValidationError with the sentence to show."""
    person = request.user
    if is_locked_out(request, person):
        raise ValidationError(TOO_OFTEN, code="too_often")
    if typed and actions.use_code(person, typed):
        return CODE
    if typed and person.check_password(typed):
        return PASSWORD
    if not person.has_usable_password() and not actions.has_second_factor(person):
        raise ValidationError(
            _("You have neither a password nor a second factor here. Set up a second factor in your settings first."),
            code="nothing_to_prove_with",
        )
    count_failure(request, person, step_up=True)
    if is_locked_out(request, person):
        raise ValidationError(TOO_OFTEN, code="too_often")
    raise ValidationError(_("Neither your password nor a code that is good now."), code="wrong")
