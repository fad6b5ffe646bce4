"""The columns people are looked for by: those that feed addresses, phones, or what profiles are found by."""

from imports.models import ImportJob

CONTACTS = frozenset({"email", "phones", "profile_id", "subscription_id"})


def contact_columns(job: ImportJob) -> list[int]:
    """Their places, in order; the check marks what their cells hold, and a search looks at the marks first."""
    where = job.destination
    wanted = CONTACTS | ({where.match_field} if where else set())
    found = {target.column for target in job.mapping.targets if target.field in wanted}
    for rule in where.subscriptions if where else ():
        found.update(rule.columns())
    return sorted(column for column in found if column < len(job.headers))
