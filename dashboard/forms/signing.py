"""Coming in, the second factor, passwords."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm, UsernameField
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from dashboard.forms.numbers import WholeNumberField
from dashboard.presenting.roles import ROLES
from dashboard.signin.counting import TOO_OFTEN, count_failure, is_locked_out
from dashboard.stepup import StepUpForm
from imports import actions
from imports.models import Policy

WRONG_CODE = _("That code is not good, or was used already. Wait for the next one.")


class CodeField(forms.CharField):
    """Six digits of the app."""

    def __init__(self, **more: Any) -> None:
        attributes = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
        more.setdefault("widget", forms.TextInput(attributes))
        more.setdefault("label", _("Code"))
        super().__init__(max_length=20, **more)


class SignInForm(AuthenticationForm):
    """A user name or an e-mail address, and the password."""

    username = UsernameField(
        label=_("User name or e-mail"), max_length=254, widget=forms.TextInput({"autofocus": True})
    )
    error_messages = {
        "invalid_login": _("The name or the password is wrong. Mind capital letters in the password."),
        "inactive": _("The name or the password is wrong. Mind capital letters in the password."),
    }

    def __init__(self, request: Any = None, *args: Any, **more: Any) -> None:
        super().__init__(request, *args, **more)
        self.fields["username"].label = _("User name or e-mail")  # Django's form takes the model's

    def get_invalid_login_error(self) -> ValidationError:
        if getattr(self.request, "axes_locked_out", False):
            return ValidationError(TOO_OFTEN, code="too_often")
        return super().get_invalid_login_error()


class SignInCodeForm(forms.Form):
    """The second factor of somebody whose password was right. `how` is "code" or "recovery" once it is valid."""

    code = CodeField(
        label=_("Code of your app"), help_text=_("Six digits that change every half minute, or a recovery code.")
    )
    how = ""

    def __init__(self, given: Any = None, *, request: Any, person: Any) -> None:
        super().__init__(given)
        self._request, self._person = request, person

    def clean_code(self) -> str:
        if is_locked_out(self._request, self._person):
            raise ValidationError(TOO_OFTEN, code="too_often")
        self.how = actions.use_code(self._person, self.cleaned_data["code"])
        if not self.how:
            count_failure(self._request, self._person)
            raise ValidationError(WRONG_CODE, code="wrong")
        return str(self.cleaned_data["code"])


class FactorForm(forms.Form):
    """The first code of a new app."""

    code = CodeField(help_text=_("Six digits, as the app shows them now."))


class ProvenFactorForm(StepUpForm, FactorForm):
    """As above, for somebody who signed in a while ago."""


class NewPasswordForm(SetPasswordForm):
    """A new password, twice."""


class PasswordForm(NewPasswordForm):
    """A new password of somebody who knows the old one."""

    old_password = forms.CharField(
        label=_("Present password"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )
    field_order = ["old_password", "new_password1", "new_password2"]

    def __init__(self, user: Any, *args: Any, request: Any, **more: Any) -> None:
        super().__init__(user, *args, **more)
        self._request = request

    def clean_old_password(self) -> str:
        if is_locked_out(self._request, self.user):
            raise ValidationError(TOO_OFTEN, code="too_often")
        if not self.user.check_password(self.cleaned_data["old_password"]):
            count_failure(self._request, self.user, step_up=True)
            raise ValidationError(_("That is not your present password."), code="wrong")
        return str(self.cleaned_data["old_password"])


class ForgottenForm(forms.Form):
    """Who has lost the password."""

    email = forms.EmailField(label=_("E-mail"), max_length=254, widget=forms.EmailInput({"autocomplete": "email"}))


class PolicyForm(StepUpForm):
    """Who needs a second factor, how long sessions and invitations last."""

    hide_optional = True
    second_factor_roles = forms.MultipleChoiceField(
        label=_("Must have a second factor"),
        choices=list(ROLES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Whoever has none yet is asked to set it up on the next page they open."),
    )
    idle_minutes = WholeNumberField(
        label=_("Minutes without a page after which a session ends"), min_value=5, max_value=720
    )
    session_hours = WholeNumberField(label=_("Hours after which a session ends in any case"), min_value=1, max_value=72)
    invitation_days = WholeNumberField(label=_("Days an invitation is good for"), min_value=1, max_value=30)

    def __init__(self, given: Any = None, *, request: Any, policy: Policy) -> None:
        names = ("second_factor_roles", "idle_minutes", "session_hours", "invitation_days")
        super().__init__(given, request=request, initial={name: getattr(policy, name) for name in names})

    def chosen(self) -> dict[str, Any]:
        """Under the names the action knows."""
        names = ("second_factor_roles", "idle_minutes", "session_hours", "invitation_days")
        return {name: self.cleaned_data[name] for name in names}
