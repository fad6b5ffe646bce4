"""An empty table with the right headers, for those who begin without a file."""

import io

from django.http import FileResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from dashboard.access import importers_only
from dashboard.blanktable import as_text, as_workbook, columns_of
from dashboard.forms.blank import BlankForm
from dashboard.requests import Request

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@never_cache
@require_GET
@importers_only
def blank_table(request: Request) -> FileResponse:
    """The file itself; a database that went meanwhile gives the fields every database has."""
    form = BlankForm(request.GET, user=request.user)
    form.full_clean()
    fields = columns_of(form.fields_wanted())
    kind = "csv" if request.GET.get("form") == "csv" else "xlsx"
    content = io.BytesIO(as_text(fields) if kind == "csv" else as_workbook(fields))
    name = _("people")
    return FileResponse(content, as_attachment=True, filename=f"{name}.{kind}", content_type=TYPES[kind])
