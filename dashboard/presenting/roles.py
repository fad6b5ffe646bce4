"""The roles by their names."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

from dashboard.access import ADMIN, APPROVER, AUDITOR, MARKETER

ROLES: Mapping[str, str | Promise] = {
    MARKETER: lazy("Marketer"),
    APPROVER: lazy("Approver"),
    ADMIN: lazy("Administrator"),
    AUDITOR: lazy("Auditor"),
}
NOTES: Mapping[str, str | Promise] = {
    MARKETER: lazy("Brings files in, matches, checks and sends; sees the people of the team's imports."),
    APPROVER: lazy("Is the second person where a sending needs one; sees counts and masked samples."),
    ADMIN: lazy("All of that, and people, teams, connections."),
    AUDITOR: lazy("Reads everything but personal data; changes nothing."),
}
