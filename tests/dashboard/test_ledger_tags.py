"""`{% load ledger %}`: what the tags draw."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.template import engines
from django.utils import timezone
from django.utils.translation import override

from dashboard import badges
from imports.states import BatchState, JobState, Outcome

COUNTS = {"rows": 20412, "accepted": 18650, "rejected": 1176, "invalid": 402, "set_aside": 137, "unknown": 47}


def draw(source, **context):
    with override("en"):
        return engines["django"].from_string("{% load ledger %}" + source).render(context)


@pytest.mark.parametrize("state", JobState)
def test_every_state_of_a_job_has_a_badge(state):
    assert str(state) in badges.JOB_STATES


@pytest.mark.parametrize("state", BatchState)
def test_every_state_of_a_batch_has_a_badge_and_a_square(state):
    assert str(state) in badges.BATCH_STATES
    assert f'id="b-{state}"' in draw('{% include "components/patterns.html" %}')


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_a_badge(outcome):
    assert badges.outcome_badge(outcome).hue in badges.OUTCOMES


def test_icon_without_label_is_hidden_from_readers():
    html = draw('{% icon "check" %}')
    assert 'aria-hidden="true"' in html
    assert "icons.svg#i-check" in html


def test_icon_with_label_is_a_picture_with_a_name():
    assert 'role="img" aria-label="Done &amp; sent"' in draw("{% icon 'check' label %}", label="Done & sent")


def test_tag_has_icon_word_and_hue():
    html = draw('{% outcome_tag "SET_ASIDE" %}')
    assert "is-aside" in html
    assert "#i-aside" in html
    assert "Set aside" in html


def test_tag_of_an_unknown_name_shows_it_escaped():
    assert "&lt;b&gt;" in draw("{% state_tag state %}", state="<b>")


def test_state_held_differs_between_job_and_batch():
    assert "Held up" in draw('{% state_tag "held" %}')
    assert "Held" in draw('{% state_tag "held" "batch" %}')


def test_sum_names_all_seven_terms_and_links_those_with_rows():
    html = draw("{% sum counts href='/rows/' %}", counts=COUNTS)
    assert html.count("<dt>") == 8
    assert 'href="/rows/?outcome=unknown"' in html
    assert "outcome=notsent" not in html
    assert "is-notsent nil" in html


def test_sum_closes_when_nothing_is_pending():
    html = draw("{% sum counts %}", counts=COUNTS)
    assert "sumline closed" in html
    assert "all 20,412 rows are accounted for" in html


def test_sum_stays_open_while_rows_are_pending():
    html = draw("{% sum counts %}", counts={"rows": 5, "accepted": 4, "pending": 1})
    assert "sumline open" in html
    assert "sumline closed" not in html
    assert "1 is still pending" in html


def test_sum_that_does_not_close_is_said_so():
    html = draw("{% sum counts %}", counts={"rows": 500, "accepted": 498})
    assert "The sum does not close." in html
    assert "2 rows are not where" in html
    assert "sumline closed" not in html


def test_sumbar_has_points_in_its_numbers_in_any_language():
    with override("ru"):
        html = engines["django"].from_string("{% load ledger %}{% sumbar counts %}").render({"counts": COUNTS})
    assert 'x="0.00%"' in html
    assert "style" not in html


def test_sumbar_tells_its_counts_in_words():
    assert 'aria-label="Accepted 1, Rejected 2"' in draw("{% sumbar c mini=True %}", c={"accepted": 1, "rejected": 2})


def test_stepper_marks_done_current_and_later_steps():
    html = draw('{% stepper "check" file="/f" columns=None %}')
    assert html.count('aria-current="step"') == 1
    assert '<a class="done" href="/f">' in html
    assert html.count("step done") == 1  # columns: done, but no way back


def test_stepper_keeps_steps_done_that_were_reached():
    assert draw('{% stepper "check" reached="results" results="/r" %}').count(", done") == 4


def test_crumbs_end_without_a_link():
    html = draw('{% crumbs "Imports" "/imports/" name %}', name="<a>.csv")
    assert 'href="/imports/"' in html
    assert 'aria-current="page" class="wrap-any">&lt;a&gt;.csv' in html


def test_facts_leave_out_what_has_no_value():
    html = draw('{% facts "File" "a.csv" "Database" "" %}')
    assert "a.csv" in html
    assert "Database" not in html


@pytest.mark.parametrize(
    ("language", "shown"), [("en", "22 Nov 2026, 17:05"), ("ru", "22 ноября 2026, 17:05")], ids=["en", "ru"]
)
def test_moment_is_local_with_utc_beside_it(language, shown):
    at = datetime(2026, 11, 22, 14, 5, 9, tzinfo=UTC)
    with override(language), timezone.override("Europe/Moscow"):
        html = engines["django"].from_string("{% load ledger %}{% moment at %}").render({"at": at})
    assert html == f'<time datetime="2026-11-22T14:05:09Z" title="2026-11-22 14:05:09 UTC">{shown}</time>'


def test_moment_of_nothing_is_empty():
    assert draw("{% moment at %}", at=None) == ""


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Europe/Moscow", "Europe/Moscow, UTC+3"),
        ("Asia/Kolkata", "UTC+5:30"),
        ("America/St_Johns", "UTC-"),
    ],
)
def test_zone_note_tells_the_clock(zone, said):
    with timezone.override(zone):
        assert said in draw("{% zone_note %}")


def test_zone_note_says_utc_once():
    with timezone.override("UTC"):
        assert draw("{% zone_note %}") == "Times are UTC"


def test_notice_takes_the_icon_of_its_hue():
    html = draw('{% notice hue="unknown" role="alert" %}<p>{{ text }}</p>{% endnotice %}', text="<x>")
    assert "#i-unknown" in html
    assert 'role="alert"' in html
    assert "<p>&lt;x&gt;</p>" in html


def test_scroll_can_be_reached_by_keyboard_and_has_a_name():
    drawn = draw('{% scroll "Rows" %}<table></table>{% endscroll %}')

    assert 'tabindex="0" role="region" aria-label="Table: Rows"' in drawn


def test_dialog_opens_without_script():
    html = draw('{% dialog "stop" "Stop?" %}<p>Gone.</p>{% enddialog %}')
    assert '<dialog id="stop" popover aria-labelledby="stop-title">' in html


def test_strip_counts_its_squares():
    html = draw("{% batch_strip states %}", states=["answered"] * 3 + ["ready"])
    assert html.count("#b-answered") == 3
    assert 'aria-label="Batches: 4. Waiting 1, Answered 3"' in html


def test_strip_takes_words_where_a_square_stands_for_several():
    assert 'aria-label="9,000 batches"' in draw('{% batch_strip states "9,000 batches" %}', states=["ready"])


def test_problem_group_takes_one_row_and_no_extras():
    html = draw('{% include "components/problem.html" with count=1 title=title only %}', title="Stop list")
    assert "<small>row</small>" in html
    assert "<progress" not in html


@pytest.mark.urls("tests.dashboard.gallery_urls")
@pytest.mark.parametrize(
    ("here", "current"),
    [
        ("job_results", '<a href="/job_list/" aria-current="true">'),
        ("job_new", '<a href="/job_new/" aria-current="page">'),
    ],
)
def test_sections_mark_where_one_is(here, current):
    request = SimpleNamespace(resolver_match=SimpleNamespace(url_name=here))
    html = draw("{% sections %}", request=request, may_import=True, is_admin=True)
    assert current in html
    assert html.count("aria-current") == 1


@pytest.mark.urls("tests.dashboard.gallery_urls")
def test_sections_show_auditors_neither_imports_to_make_nor_connections():
    html = draw("{% sections %}", may_import=False, is_admin=False)
    assert "job_list" in html
    assert "job_new" not in html
    assert "administration" not in html


def test_initials_are_at_most_two():
    assert draw("{{ a|initials }} {{ b|initials }}", a="Anna Maria Kravtsova", b="vera") == "AM V"
