"""What came of a call, and what the platform's own codes mean as far as its documents say."""

from django.utils.translation import gettext_noop as N_

ANSWERS: dict[str, tuple[str, str]] = {
    "platform_400": (N_("Altcraft could not read the request."), ""),
    "platform_401": (N_("The API token is missing or wrong."), ""),
    "platform_402": (N_("The account has reached the limit of its tariff."), ""),
    "platform_403": (N_("The token has no right to do this."), ""),
    "platform_404": (N_("There is no such database, resource or profile."), ""),
    "platform_409": (N_("More than one profile has this key."), ""),
}
