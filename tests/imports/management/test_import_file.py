"""The command line does the job of the pages. The platform here is an HTTP server the client was not written for."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from openpyxl import load_workbook
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from imports import actions
from imports.models import Approval, HistoryEvent, ImportJob
from tests.factories import make_connection

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = "E-mail;Имя;Карта\nivan@example.com;Иван;0007\nno address;Пётр;0008\nolga@example.org;Ольга;0009\n"


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_bytes(PEOPLE.encode("cp1251"))
    return path


def run(*arguments: Any) -> tuple[int, dict[str, Any]]:
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("import_file", *map(str, arguments), "--json", stdout=out, stderr=io.StringIO())
    return int(ended.value.code or 0), json.loads(out.getvalue().splitlines()[-1])


def test_a_file_goes_in_and_every_row_gets_its_answer(sandbox: Any, people: Path) -> None:
    make_connection(sandbox, name="Shop")

    status, found = run(
        people, "--connection", "Shop", "--database", 1, "--map", "E-mail=email", "--map", "Карта=card_number",
        "--yes", "--drain",
    )  # fmt: skip

    assert status == 4
    assert (found["state"], found["rows"], found["accepted"], found["invalid"]) == ("done", 3, 2, 1)
    assert [(error["code"], error["count"]) for error in found["errors"]] == [("email_invalid", 1)]
    assert sandbox.platform.profile("ivan@example.com")["card_number"] == "0007"


def test_columns_nobody_was_told_about_are_named(sandbox: Any, tmp_path: Path) -> None:
    make_connection(sandbox, name="Shop")
    path, told = tmp_path / "phones.csv", io.StringIO()
    path.write_text("email;Телефон;;Ваш кот\nivan@example.com;7,90012E+10;;x\nolga@example.org;7,90013E+10;;y\n")

    with pytest.raises(SystemExit) as ended:
        call_command(
            "import_file", str(path), "--connection", "Shop", "--database", "1", "--auto-map",
            stdout=io.StringIO(), stderr=told,
        )  # fmt: skip

    assert ended.value.code == 3
    assert told.getvalue() == "Not imported: Телефон, #3, Ваш кот. Name a field with --map where one should be.\n"


def test_all_rows_accepted_is_status_0(sandbox: Any, tmp_path: Path) -> None:
    make_connection(sandbox, name="Shop")
    path = tmp_path / "one.csv"
    path.write_text("email\nivan@example.com\n")

    status, found = run(path, "--connection", "Shop", "--database", 1, "--auto-map", "--yes", "--drain")

    assert (status, found["accepted"]) == (0, 1)


def test_without_yes_nothing_is_sent_and_a_person_is_waited_for(sandbox: Any, people: Path) -> None:
    make_connection(sandbox, name="Shop")
    before = len(sandbox.platform.deliveries)

    status, found = run(people, "--connection", "Shop", "--database", 1, "--auto-map", "--drain")

    assert (status, found["state"], found["pending"]) == (3, "checked", 2)
    assert len(sandbox.platform.deliveries) == before


def test_a_refused_token_waits_for_a_person(httpserver: HTTPServer, people: Path) -> None:
    httpserver.expect_request("/api/v1.1/profiles/import_batch").respond_with_json(
        {"error": 401, "error_text": "API token required"}
    )
    add_account(httpserver)

    status, found = run(people, "--connection", "Other", "--database", 5, "--auto-map", "--yes", "--drain")

    assert (status, found["state"], found["pending"]) == (3, "held", 2)


def test_what_a_person_is_waited_for_is_told(httpserver: HTTPServer, people: Path) -> None:
    httpserver.expect_request("/api/v1.1/profiles/import_batch").respond_with_json({"error": 0, "task_id": "t1"})
    add_account(httpserver)
    told = io.StringIO()

    with pytest.raises(SystemExit) as ended:
        call_command(
            "import_file", str(people), "--connection", "Other", "--database", "5", "--auto-map", "--run-triggers",
            "--yes", "--drain", stdout=io.StringIO(), stderr=told,
        )  # fmt: skip

    assert ended.value.code == 3
    assert "Batch 1, rows 2 to 4, is unknown. The platform took the request as a task" in told.getvalue()


def test_one_row_a_person_is_waited_for_is_no_range(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/api/v1.1/profiles/import_batch").respond_with_json({"error": 0, "task_id": "t1"})
    add_account(httpserver)
    path, told = tmp_path / "one.csv", io.StringIO()
    path.write_text("email\nivan@example.com\n")

    with pytest.raises(SystemExit):
        call_command(
            "import_file", str(path), "--connection", "Other", "--database", "5", "--auto-map", "--run-triggers",
            "--yes", "--drain", stdout=io.StringIO(), stderr=told,
        )  # fmt: skip

    assert "Batch 1, row 2, is unknown." in told.getvalue()


def test_it_works_with_a_platform_that_has_no_lists(httpserver: HTTPServer, people: Path) -> None:
    bodies: list[dict[str, Any]] = []

    def take(request: Request) -> Response:
        bodies.append(request.get_json())
        rows = [{"error": 0, "error_text": "", "profile_id": f"{n:024x}"} for n in range(len(bodies[-1]["data"]))]
        return Response(json.dumps({"error": 0, "error_text": "Successful operation", "result": rows}))

    httpserver.expect_request("/api/v1.1/profiles/import_batch").respond_with_handler(take)
    add_account(httpserver)

    status, found = run(
        people, "--connection", "Other", "--database", 5, "--matching", "custom", "--match-field", "CRM_ID",
        "--map", "E-mail=email", "--map", "Имя=_fname", "--map", "Карта=CRM_ID", "--yes", "--drain",
    )  # fmt: skip

    assert (status, found["accepted"], found["batches"], found["attempts"]) == (4, 2, 1, 1)
    assert bodies == [
        {
            "token": "secret-token",
            "db_id": 5,
            "matching": "custom",
            "field_name": "CRM_ID",
            "skip_triggers": True,
            "data": [
                {"email": "ivan@example.com", "_fname": "Иван", "CRM_ID": "0007"},
                {"email": "olga@example.org", "_fname": "Ольга", "CRM_ID": "0009"},
            ],
        }
    ]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_results_have_the_columns_of_the_file_and_what_became_of_each_row(
    sandbox: Any, people: Path, tmp_path: Path, ending: str
) -> None:
    make_connection(sandbox, name="Shop")
    _, found = run(people, "--connection", "Shop", "--database", 1, "--auto-map", "--yes", "--drain")
    target = tmp_path / f"results.{ending}"

    call_command("results", str(found["id"]), "--output", str(target), "--only", "problems", stdout=io.StringIO())

    lines = table_of(target)
    assert lines[0] == ["E-mail", "Имя", "Карта", "row_number", "outcome", "error_code", "error_text", "profile_id"]
    assert [line[:6] for line in lines[1:]] == [["no address", "Пётр", "0008", "3", "invalid", "email_invalid"]]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--map", "Nothing=email"], "The file has no column 'Nothing'"),
        (["--map", "E-mail"], "write COLUMN=FIELD"),
        (["--map", "Имя=_fname"], "No column feeds the field people are found by: email"),
        (["--map", "E-mail=email", "--map", "Имя=no_such_field"], "the database has no field “no_such_field”"),
        (
            ["--auto-map", "--database", "99"],
            r"no profile database number 99\. Choose one with --database\. Those of 'Shop': 1 \(Покупатели\), 5",
        ),
        (["--auto-map", "--database", "0"], r"No profile database is named\. .* Those of 'Shop': 1 \(Покупатели\), 5"),
        (["--database", "0", "--operation", "scenario", "--scenario", "99"], "no scenario number 99"),
        (["--database", "0", "--operation", "scenario"], "No scenario was chosen"),
    ],
)
def test_a_wrong_choice_is_told_in_a_sentence(sandbox: Any, people: Path, arguments: list[str], told: str) -> None:
    make_connection(sandbox, name="Shop")

    with pytest.raises(CommandError, match=told):
        call_command("import_file", str(people), "--connection", "Shop", "--database", "1", *arguments)

    assert not ImportJob.objects.exclude(state="cancelled").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--map", "E-mail"],
        ["--on-empty", "Имя"],
        ["--auto-map", "--database", "99"],
        ["--auto-map", "--canary", "5000"],
        ["--auto-map", "--attach", "missing.pdf"],
        ["--auto-map", "--subscribe", "email"],
    ],
)
def test_what_can_be_refused_before_the_file_is_taken_makes_no_import(
    sandbox: Any, people: Path, arguments: list[str]
) -> None:
    make_connection(sandbox, name="Shop")

    with pytest.raises(CommandError):
        call_command("import_file", str(people), "--connection", "Shop", "--database", "1", *arguments)

    assert not ImportJob.objects.exists()


def test_an_account_that_is_switched_off_is_told_before_the_file_is_taken(sandbox: Any, people: Path) -> None:
    actions.switch_off(make_connection(sandbox, name="Shop"), by=None)

    with pytest.raises(CommandError, match="Shop"):
        call_command("import_file", str(people), "--connection", "Shop", "--database", "1", "--auto-map")

    assert not ImportJob.objects.exists()


def test_an_import_whose_columns_are_refused_is_cancelled_and_named(sandbox: Any, people: Path) -> None:
    make_connection(sandbox, name="Shop")

    with pytest.raises(CommandError) as told:
        call_command("import_file", str(people), "--connection", "Shop", "--database", "1", "--map", "Имя=_fname")

    job = ImportJob.objects.get()
    assert job.state == "cancelled" and HistoryEvent.objects.filter(job_id=job.pk, verb="job_cancelled").exists()
    assert str(told.value).splitlines()[-1] == f"Nothing was sent. Import {job.pk}, made for this file, is cancelled."


def add_account(httpserver: HTTPServer) -> None:
    actions.add_connection(name="Other", base_url=httpserver.url_for("").rstrip("/"), token="secret-token", by=None)


def table_of(path: Path) -> list[list[str]]:
    if path.suffix == ".xlsx":
        return [[str(cell or "") for cell in row] for row in load_workbook(path).active.iter_rows(values_only=True)]
    return list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))


def test_every_choice_of_a_destination_can_be_scripted(sandbox: Any, tmp_path: Path) -> None:
    make_connection(sandbox, name="Shop")
    path = tmp_path / "people.csv"
    path.write_text("email,Баллы,Чат,Токен\nivan@example.com,5,77,t1\nolga@example.com,many,,\n")

    status, found = run(
        path, "--connection", "Shop", "--database", 1, "--map", "email=email", "--map", "Баллы=points",
        "--subscribe", "email=28", "--subscribe", "telegram_bot=1:Чат", "--subscribe", "push=1:Токен:Firefox",
        "--subscription", '{"channel": "email", "resource_id": 1, "custom_fields": {"custom_field": "x"}}',
        "--action", "Баллы=incr", "--on-bad", "Баллы=empty", "--single", "--add-to-segment", 2,
        "--remove-from-segment", 6, "--yes", "--drain",
    )  # fmt: skip

    ivan = sandbox.platform.profile("ivan@example.com")
    assert (status, found["accepted"], found["batches"]) == (0, 2, 2)
    assert ivan["points"] == 5
    assert {kept["channel"] for kept in ivan["subscriptions"]} == {"email", "telegram_bot", "push"}
    assert len(sandbox.platform.catalogue.segments[2].members) == 2


def test_a_scenario_is_started_with_content_in_its_own_database(sandbox: Any, tmp_path: Path) -> None:
    make_connection(sandbox, name="Shop")
    path = tmp_path / "people.csv"
    path.write_text("email\nivan@example.com\n")

    status, _ = run(
        path, "--connection", "Shop", "--operation", "scenario", "--scenario", 12, "--content", "code=A1",
        "--auto-map", "--yes", "--drain",
    )  # fmt: skip

    assert status == 0
    assert sandbox.platform.times_started(12, "ivan@example.com") == 1


@pytest.mark.parametrize(
    ("option", "value"),
    [("--subscribe", "email"), ("--subscription", "["), ("--content", "code"), ("--action", "Баллы=incr")],
)
def test_an_option_that_cannot_be_read_is_one_sentence(sandbox: Any, people: Path, option: str, value: str) -> None:
    make_connection(sandbox, name="Shop")

    with pytest.raises(CommandError):
        run(people, "--connection", "Shop", "--database", 1, "--map", "E-mail=email", option, value)


def test_files_go_with_the_messages_and_those_that_cannot_are_refused(sandbox: Any, tmp_path: Path) -> None:
    make_connection(sandbox, name="Shop")
    path, price, empty = tmp_path / "people.csv", tmp_path / "прайс.pdf", tmp_path / "empty.pdf"
    path.write_text("email\nivan@example.com\n")
    price.write_bytes(b"%PDF")
    empty.write_bytes(b"")
    asked = (path, "--connection", "Shop", "--operation", "scenario", "--scenario", 12, "--auto-map")

    status, found = run(*asked, "--attach", price, "--attach", price, "--yes", "--drain")

    kept = ImportJob.objects.get(pk=found["id"]).destination
    assert kept is not None
    assert (status, [(one.name, one.mimetype, one.size) for one in kept.attach]) == (
        0,
        [("прайс.pdf", "application/pdf", 4)] * 2,
    )
    with pytest.raises(CommandError, match="“empty.pdf” is empty"):
        run(*asked, "--attach", empty)
    with pytest.raises(CommandError, match="cannot be opened"):
        run(*asked, "--attach", tmp_path / "missing.pdf")


def test_statuses_of_brought_subscriptions_are_sent_only_when_asked_for(sandbox: Any, tmp_path: Path) -> None:
    make_connection(sandbox, name="Shop")
    path = tmp_path / "people.json"
    one = {"channel": "email", "resource_id": 1, "email": "ivan@example.com", "status": "unsubscribed"}
    path.write_text(json.dumps([{"email": "ivan@example.com", "subscriptions": [one]}]))
    asked = (path, "--connection", "Shop", "--database", 1, "--auto-map", "--yes", "--drain")

    refused, found = run(*asked)
    assert (refused, found["invalid"]) == (4, 1)
    status, _ = run(*asked, "--statuses", "subscriptions=send")

    assert status == 0
    (kept,) = sandbox.platform.profile("ivan@example.com")["subscriptions"]
    assert kept["status"] == "unsubscribed"


def test_a_downloaded_file_of_results_goes_in_again_once_it_is_mended(sandbox: Any, tmp_path: Path) -> None:
    make_connection(sandbox, name="Shop")
    path, again = tmp_path / "people.csv", tmp_path / "mended.csv"
    path.write_text("email,phone,card_number\nno address,+7 900 000-00-51,-007\n")
    asked = (
        "--connection",
        "Shop",
        "--database",
        1,
        "--auto-map",
        "--map",
        "card_number=card_number",
        "--yes",
        "--drain",
    )
    _, found = run(path, *asked)
    call_command("results", found["id"], "--output", again)
    again.write_text(again.read_text("utf-8-sig").replace("no address,", "ivan@example.com,"))

    status, _ = run(again, *asked)

    profile = sandbox.platform.profile("ivan@example.com")
    assert (status, profile["phones"], profile["card_number"]) == (0, ["+79000000051"], "-007")


def test_columns_of_one_name_are_told_apart_by_their_numbers(sandbox: Any, tmp_path: Path) -> None:
    make_connection(sandbox, name="Shop")
    path = tmp_path / "people.csv"
    path.write_text("Phone,email,Phone\n+79000000051,ivan@example.com,+79000000052\n")
    asked = (path, "--connection", "Shop", "--database", 1, "--map", "email=email")

    with pytest.raises(CommandError, match=r"several columns 'Phone'.*#1, #3"):
        run(*asked, "--map", "Phone=phones")
    status, _ = run(*asked, "--map", "#3=phones", "--yes", "--drain")

    assert (status, sandbox.platform.profile("ivan@example.com")["phones"]) == (0, ["+79000000052"])


def test_the_order_of_dates_and_what_an_empty_cell_does_can_be_scripted(sandbox: Any, tmp_path: Path) -> None:
    make_connection(sandbox, name="Shop")
    path = tmp_path / "people.csv"
    path.write_text("email,Born,City\nivan@example.com,01/02/2000,\n")
    asked = (path, "--connection", "Shop", "--database", 1, "--map", "email=email", "--map", "Born=_bdate")
    choices = ("--map", "City=_city", "--dates", "Born=mdy", "--on-empty", "City=clear")

    status, found = run(*asked, *choices, "--yes", "--drain")

    assert (status, sandbox.platform.profile("ivan@example.com")["_bdate"]) == (0, "2000-01-02")
    kept = ImportJob.objects.get(pk=found["id"]).mapping
    assert kept is not None
    assert [target.empty for target in kept.targets] == ["keep", "keep", "clear"]
    with pytest.raises(CommandError, match="soon"):
        run(*asked, "--dates", "Born=soon")


def test_the_first_rows_alone_end_in_status_3_with_what_they_wait_for(sandbox: Any, tmp_path: Path) -> None:
    make_connection(sandbox, name="Shop")
    path = tmp_path / "many.csv"
    path.write_text("email\n" + "".join(f"person{n}@example.com\n" for n in range(5)))

    status, found = run(
        path, "--connection", "Shop", "--database", 1, "--map", "email=email", "--yes", "--drain", "--canary", 2
    )

    assert status == 3
    assert (found["state"], found["accepted"], found["pending"]) == ("held", 2, 3)


def test_where_a_second_person_is_asked_yes_asks_and_ends_with_3(sandbox: Any, people: Path) -> None:
    make_connection(sandbox, name="Shop", approval="always")
    err = io.StringIO()

    with pytest.raises(SystemExit) as ended:
        call_command(
            "import_file", str(people), "--connection", "Shop", "--database", "1", "--map", "E-mail=email", "--yes",
            "--drain", "--canary", "1", stdout=io.StringIO(), stderr=err,
        )  # fmt: skip

    [asked] = Approval.objects.all()
    assert (ended.value.code, asked.asker_id, asked.first_rows) == (3, None, 1)
    assert asked.job.state == "waiting_approval"
    assert "waits for the approval of a second person" in err.getvalue()
    assert not sandbox.platform.find("ivan@example.com")
