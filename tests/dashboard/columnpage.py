"""What the columns page posts for the file of the factories."""

from django.urls import reverse

from imports.models import Connection, ImportJob


def page_of(job: ImportJob) -> str:
    return reverse("job_columns", args=[job.uuid])


def choices(account: Connection, **changed: str) -> dict[str, str]:
    """Every choice of the page, those given changed."""
    usual = {
        "connection": str(account.pk),
        "database": "1",
        "operation": "import",
        "matching": "email",
        "duplicates": "last",
        "phone_region": "RU",
        "field-0": "email",
        "field-1": "_fname",
        "field-2": "phones",
    }
    return usual | changed
