"""What allauth asks the house about."""

from io import BytesIO
from typing import Any, NoReturn

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from qrcode.image.svg import SvgPathImage

from dashboard.signin.addresses import client_address
from imports import actions
from imports.vault import open_text, seal_text

HOW = "how"  # in the session, on the way in: what has been shown so far


class AccountAdapter(DefaultAccountAdapter):
    """Nobody makes an account by themselves; whoever comes in is told of in history."""

    def is_open_for_signup(self, request: Any) -> bool:
        return False

    def pre_login(self, request: Any, user: Any, **more: Any) -> HttpResponse | None:
        """Somebody who was switched off does not get as far as the second factor."""
        return None if user.is_active else _refused(request)

    def post_login(self, request: Any, user: Any, *, redirect_url: str | None, **more: Any) -> HttpResponse:
        how = request.session.pop(HOW, "password")
        actions.record_sign_in(user, how=how, address=client_address(request) or "")
        return HttpResponseRedirect(redirect_url or settings.LOGIN_REDIRECT_URL)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """The history tells it."""


class FactorAdapter(DefaultMFAAdapter):
    """Secrets of the second factor are sealed with FIELD_KEYS."""

    def encrypt(self, text: str) -> str:
        return seal_text(text)

    def decrypt(self, encrypted_text: str) -> str:
        return open_text(encrypted_text)

    def get_totp_label(self, user: Any) -> str:
        return str(user.get_username())

    def build_totp_svg(self, url: str) -> str:
        """A picture to stand inside the page: no XML head, and no style of its own, which the page would refuse."""
        drawn = BytesIO()
        qrcode.make(url, image_factory=SvgPathImage).save(drawn)
        text = drawn.getvalue().decode()
        return text[text.index("<svg") :]


class SingleSignOn(DefaultSocialAccountAdapter):
    """Another house says who somebody is; whether they may come in is known here: no person is made by signing in."""

    def is_open_for_signup(self, request: Any, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: Any, sociallogin: Any) -> None:
        """The person of this account; the first time found by the e-mail address the provider has verified."""
        request.session[HOW] = "sso"
        if not sociallogin.is_existing:
            sociallogin.connect(request, _invited(sociallogin) or self._turn_away(request))
        elif not sociallogin.user.is_active:
            self._turn_away(request)

    def on_authentication_error(self, request: Any, *args: Any, **kwargs: Any) -> None:
        raise ImmediateHttpResponse(
            _back(request, _("Signing in there did not work. Try again, or use your password."))
        )

    def _turn_away(self, request: Any) -> NoReturn:
        actions.record_failed_sign_in(person=None, address=client_address(request) or "", tries=1)
        raise ImmediateHttpResponse(_refused(request))


def _invited(sociallogin: Any) -> Any | None:
    """The only working person with an e-mail address that the provider says is theirs."""
    verified = [one.email for one in sociallogin.email_addresses if one.verified is True]
    people = get_user_model()._default_manager.filter(is_active=True)
    found = [person for email in verified for person in people.filter(email__iexact=email)[:2]]
    return found[0] if len(found) == 1 else None


def _refused(request: Any) -> HttpResponse:
    return _back(
        request, _("There is no account of yours here. Ask the administrator of this dashboard to invite you.")
    )


def _back(request: Any, why: str) -> HttpResponse:
    request.session.pop(HOW, None)
    messages.error(request, why)
    return redirect("login")
