"""django-import-export, in a process of its own:
`python -m dashboard.benchmark.yardstick FILE [--key COLUMN] [--default] [--database URL]`.

It stores the rows as text and nothing else: no validation, no JSON, no HTTP. Without KEY it only adds rows, which is
quickest and far less than an import into Altcraft does. With KEY it looks for each row in that (indexed) column first,
as Altcraft does with every profile. `--default` uses none of its options for speed.
"""

import argparse
import importlib
import json
import tempfile
import time
from pathlib import Path
from typing import Any

from dashboard.benchmark.databases import settings_of

BATCH = 1_000


def main(path: Path, *, key: str, default: bool, database: str) -> None:
    """Print {"rows": ..., "seconds": ...} of `import_data` alone; reading the file is not counted."""
    with tempfile.TemporaryDirectory(prefix="yardstick-") as folder:
        _configure(settings_of(database or f"sqlite:///{folder}/yardstick.sqlite3"))
        rows = importlib.import_module("tablib").Dataset()
        with path.open(encoding="utf-8", newline="") as source:
            rows.load(source, format="csv")
        model = _table(rows.headers, key)
        resource = _resource(model, key, bulk=not default)
        begun = time.perf_counter()
        resource.import_data(rows, dry_run=False, raise_errors=True)
        seconds = time.perf_counter() - begun
        print(json.dumps({"rows": model.objects.count(), "seconds": seconds}))


def _configure(database: dict[str, Any]) -> None:
    import django  # noqa: PLC0415 - nothing of Django may be read before it is configured
    from django.conf import settings  # noqa: PLC0415

    settings.configure(DATABASES={"default": database}, INSTALLED_APPS=["import_export"], USE_TZ=True)
    django.setup()


def _table(headers: list[str], key: str) -> Any:
    """A model with a text column for each header, and its table."""
    from django.db import connection, models  # noqa: PLC0415

    columns: dict[str, Any] = {header: models.TextField(default="", db_index=header == key) for header in headers}
    meta = type("Meta", (), {"app_label": "import_export"})  # it looks the label up
    model = type("Person", (models.Model,), {"__module__": __name__, "Meta": meta, **columns})
    with connection.schema_editor() as editor:
        editor.create_model(model)
    return model


def _resource(model: Any, key: str, *, bulk: bool) -> Any:
    options: dict[str, Any] = {"use_bulk": True, "batch_size": BATCH, "skip_diff": True} if bulk else {}
    if key:
        options["import_id_fields"] = (key,)
    elif not bulk:
        options["import_id_fields"] = ()  # rows without an id: nothing is looked for
    return importlib.import_module("import_export.resources").modelresource_factory(model, meta_options=options)()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--key", default="")
    parser.add_argument("--default", action="store_true")
    parser.add_argument("--database", default="")
    given = parser.parse_args()
    main(given.file, key=given.key, default=given.default, database=given.database)
