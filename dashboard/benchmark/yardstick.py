"""django-import-export, in a process of its own:
`python -m dashboard.benchmark.yardstick FILE [--way WAY] [--database URL]`.

It stores the rows as text and nothing else: no validation, no JSON, no HTTP. WAY is one of WAYS. Where no column is
looked for it only adds rows, which is far less than an import into Altcraft does.
"""

import argparse
import importlib
import json
import tempfile
import time
from pathlib import Path
from typing import Any

from dashboard.benchmark.databases import settings_of

BULK: dict[str, Any] = {"use_bulk": True, "batch_size": 1_000}
KEY = "email"
# Without an id nothing is looked for; bulk leaves that out by itself, as no column is called so.
WAYS: dict[str, dict[str, Any]] = {
    "bulk": BULK,
    "quickest": BULK | {"skip_diff": True},
    "key": BULK | {"skip_diff": True, "import_id_fields": (KEY,)},
    "default": {"import_id_fields": ()},
}
"""The library's options by the name of a way: in bulk as its documentation begins; without comparing each row with what
it was, which nothing of ours is either; looking for each row by its e-mail first, as Altcraft does; none of them."""


def main(path: Path, *, way: str, database: str) -> None:
    """Print {"rows": ..., "seconds": ...} of `import_data` alone; reading the file is not counted."""
    with tempfile.TemporaryDirectory(prefix="yardstick-") as folder:
        _configure(settings_of(database or f"sqlite:///{folder}/yardstick.sqlite3"))
        rows = importlib.import_module("tablib").Dataset()
        with path.open(encoding="utf-8", newline="") as source:
            rows.load(source, format="csv")
        model = _table(rows.headers, indexed=KEY if KEY in WAYS[way].get("import_id_fields", ()) else "")
        factory = importlib.import_module("import_export.resources").modelresource_factory
        resource = factory(model, meta_options=WAYS[way])()
        begun = time.perf_counter()
        resource.import_data(rows, dry_run=False, raise_errors=True)
        seconds = time.perf_counter() - begun
        print(json.dumps({"rows": model.objects.count(), "seconds": seconds}))


def _configure(database: dict[str, Any]) -> None:
    import django  # noqa: PLC0415 - nothing of Django may be read before it is configured
    from django.conf import settings  # noqa: PLC0415

    settings.configure(DATABASES={"default": database}, INSTALLED_APPS=["import_export"], USE_TZ=True)
    django.setup()


def _table(headers: list[str], *, indexed: str) -> Any:
    """A model with a text column for each header, and its table."""
    from django.db import connection, models  # noqa: PLC0415

    columns: dict[str, Any] = {header: models.TextField(default="", db_index=header == indexed) for header in headers}
    meta = type("Meta", (), {"app_label": "import_export"})  # it looks the label up
    model = type("Person", (models.Model,), {"__module__": __name__, "Meta": meta, **columns})
    with connection.schema_editor() as editor:
        editor.create_model(model)
    return model


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--way", choices=WAYS, default="bulk")
    parser.add_argument("--database", default="")
    given = parser.parse_args()
    main(given.file, way=given.way, database=given.database)
