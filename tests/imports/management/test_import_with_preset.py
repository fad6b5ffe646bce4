"""import_file --preset NAME: the columns and the destination of a saved preset."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from imports import actions
from imports.destination import Destination
from imports.mapping import ColumnMapping, ColumnTarget
from imports.models import ImportJob, Preset
from tests.factories import first_database, make_connection, make_job

pytestmark = pytest.mark.django_db(transaction=True)


def keep(sandbox: Any, by: Any, name: str = "Letter", *, account: Any = None) -> Preset:
    account = account or make_connection(sandbox, name="Shop")
    mapping = ColumnMapping((ColumnTarget(0, "E-mail", "email"), ColumnTarget(2, "Phone", "phones", on_bad="empty")))
    where = Destination(first_database(account), phone_region="RU")
    choices = {"connection": account, "destination": where, "mapping": mapping, "by": by}
    return actions.save_preset(make_job(by), name=name, shared=True, **choices)


def run(path: Path, text: str, *arguments: Any) -> tuple[int, dict[str, Any], str]:
    path.write_text(text)
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("import_file", str(path), *map(str, arguments), "--json", stdout=out, stderr=err)
    return int(ended.value.code or 0), json.loads(out.getvalue().splitlines()[-1]), err.getvalue()


def test_a_file_with_its_columns_elsewhere_goes_in(sandbox: Any, anna: Any, tmp_path: Path) -> None:
    preset = keep(sandbox, anna)
    text = "Моб. тел.,E-mail\n+79120000001,kamila@example.com\n12,daria@example.com\n"
    status, found, _ = run(tmp_path / "next.csv", text, "--preset", "Letter", "--yes", "--drain")
    assert (status, found["state"], found["accepted"]) == (0, "done", 2)
    assert sandbox.platform.profile("kamila@example.com")["phones"] == ["+79120000001"]
    preset.refresh_from_db()
    assert preset.imports == 1 and ImportJob.objects.get(pk=found["id"]).preset == preset


def test_choices_on_the_line_go_over_those_of_the_preset(sandbox: Any, anna: Any, tmp_path: Path) -> None:
    keep(sandbox, anna)
    text = "E-mail,Phone\nkamila@example.com,Казань\n"
    status, _, _ = run(tmp_path / "next.csv", text, "--preset", "Letter", "--map", "Phone=_city", "--yes", "--drain")
    assert status == 0 and sandbox.platform.profile("kamila@example.com")["_city"] == "Казань"


def test_a_missing_column_and_an_unknown_name_are_refused(sandbox: Any, anna: Any, tmp_path: Path) -> None:
    keep(sandbox, anna)
    path = tmp_path / "next.csv"
    path.write_text("E-mail\nkamila@example.com\n")
    with pytest.raises(CommandError, match="no column 'Phone'"):
        call_command("import_file", str(path), "--preset", "Letter")
    assert ImportJob.objects.latest("pk").state == "cancelled"
    with pytest.raises(CommandError, match="There is no preset “Sale”"):
        call_command("import_file", str(path), "--preset", "Sale")


def test_one_of_several_is_named_by_its_number(sandbox: Any, anna: Any, boris: Any, tmp_path: Path) -> None:
    first = keep(sandbox, anna)
    keep(sandbox, boris, account=first.connection)
    with pytest.raises(CommandError, match="Several presets are called 'Letter'"):
        call_command("import_file", str(tmp_path / "next.csv"), "--preset", "Letter")
    text = "E-mail,Phone\nkamila@example.com,\n"
    assert run(tmp_path / "next.csv", text, "--preset", f"#{first.pk}", "--yes", "--drain")[0] == 0


def test_an_odd_file_waits_for_a_person_where_the_preset_asks(sandbox: Any, anna: Any, tmp_path: Path) -> None:
    preset = keep(sandbox, anna)
    actions.change_preset(preset, name="Letter", shared=True, stop_when_odd=True, by=anna)
    many = "E-mail,Phone\n" + "".join(f"p{n}@example.com,\n" for n in range(100))
    asked = ("--preset", "Letter", "--yes", "--drain")
    assert run(tmp_path / "many.csv", many, *asked)[0] == 0
    few = "E-mail,Phone\nkamila@example.com,\n"
    status, found, said = run(tmp_path / "few.csv", few, *asked)
    assert (status, found["state"]) == (3, "checked") and "the preset asks to look first" in said
    assert run(tmp_path / "few.csv", few, *asked, "--shape-seen")[0] == 0
