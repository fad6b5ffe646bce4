"""The examples of profiles/import (v74), brought in as files of JSON: a request for each row.

Two things differ from the print on purpose: the option `skip_triggers` is always said aloud, and the gender of the
second example is a word, because no page explains its 0.
"""

from typing import Any

import pytest

from imports import actions
from imports.models import Connection
from imports.results import totals
from imports.results.rows import RowFilter, row_page
from tests.documented import SINGLE_MORE, SINGLES, printed
from tests.imports.documents.wire import Wire, from_file

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("example", SINGLES)
def test_the_requests_of_the_single_import_page_leave_as_they_are_printed(
    anna: Any, account: Connection, wire: Wire, example: str
) -> None:
    """Source: profiles/import (v74), the three request examples."""
    actions.refresh_catalogue(account, "resources")

    job = from_file(anna, account, SINGLES[example], single=True, detect_geo=True)

    assert wire.sent() == [("profiles/import", printed(SINGLES[example]) | {"skip_triggers": True})]
    assert totals(job).accepted == 1


def test_a_gender_of_0_is_refused_because_no_page_says_what_it_means(
    anna: Any, account: Connection, wire: Wire
) -> None:
    """Source: profiles/import (v74), second example, `_sex`: 0; the user guide has words only."""
    odd = SINGLE_MORE | {"data": SINGLE_MORE["data"] | {"_sex": 0}}
    job = from_file(anna, account, odd, single=True, detect_geo=True)

    (row,) = row_page(job, RowFilter())[0]
    assert [code for _column, code, _params in row.faults] == ["sex_unknown"]
    assert wire.sent() == []


def test_segments_of_the_parameter_table_leave_with_one_person(
    anna: Any, account: Connection, wire: Wire, sandbox: Any
) -> None:
    """Source: profiles/import (v74), Request parameters: add_to_segments, remove_from_segments."""
    choices = {"single": True, "add_to_segments": (2,), "remove_from_segments": (6,)}

    job = from_file(anna, account, [{"email": "john@example.com"}], **choices)

    body = wire.sent()[0][1]
    assert (body["add_to_segments"], body["remove_from_segments"]) == ([2], [6])
    assert totals(job).accepted == 1
    assert len(sandbox.platform.catalogue.segments[2].members) == 1
