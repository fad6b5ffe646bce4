"""What the house asks of everybody who signs in."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from imports.actions.errors import Refused
from imports.history import name_of, record
from imports.models import Policy
from imports.models.policies import ONLY

ROLES = ("marketer", "approver", "admin", "auditor")


def change_policy(
    *, by: Any, second_factor_roles: list[str], idle_minutes: int, session_hours: int, invitation_days: int
) -> Policy:
    """Holds from the next request on. Raise Refused("policy_out_of_range") or Refused("role_unknown")."""
    if unknown := set(second_factor_roles) - set(ROLES):
        raise Refused("role_unknown", role=sorted(unknown)[0])
    given: dict[str, Any] = {
        "second_factor_roles": [role for role in ROLES if role in second_factor_roles],
        "idle_minutes": idle_minutes,
        "session_hours": session_hours,
        "invitation_days": invitation_days,
    }
    try:
        Policy(id=ONLY, **given).clean_fields()
    except ValidationError:
        raise Refused("policy_out_of_range") from None
    with transaction.atomic():
        kept, _made = Policy.objects.update_or_create(id=ONLY, defaults=given | {"changed_by_name": name_of(by)})
        record("policy_changed", by=by, **given)
    return kept
