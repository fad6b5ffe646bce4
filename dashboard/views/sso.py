"""Single sign-on: allauth's OpenID Connect, with the signature of the token looked at in any case."""

import logging
from typing import Any

import requests
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from dashboard.requests import Request

log = logging.getLogger(__name__)


class VerifiedTokens(OpenIDConnectOAuth2Adapter):
    """Issuer, audience, time and signature (by the provider's published keys) must be right."""

    def _decode_id_token(self, app: SocialApp, id_token: str) -> Any:
        return jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
            verify_signature=True,
        )


@login_not_required
@never_cache
@require_GET
def sso_begin(request: Request, provider_id: str) -> HttpResponse:
    """Off to the provider."""
    return _view(OAuth2LoginView, request, provider_id)


@login_not_required
@never_cache
@require_GET
def sso_back(request: Request, provider_id: str) -> HttpResponse:
    """Back from the provider, with a code for its token."""
    return _view(OAuth2CallbackView, request, provider_id)


def _view(view: Any, request: Request, provider_id: str) -> HttpResponse:
    if not settings.SOCIALACCOUNT_PROVIDERS:
        raise Http404
    try:
        answer: HttpResponse = view.adapter_view(VerifiedTokens(request, provider_id))(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except requests.RequestException as fault:
        log.warning("the single sign-on could not be asked: %s", type(fault).__name__)
        messages.error(request, _("Signing in there is not possible just now. Use your password, or try again later."))
        return redirect("login")
    return answer
