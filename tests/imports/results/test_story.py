import json
from typing import Any

from imports.results import answer_text, row_story


def test_a_sent_row_shows_cell_text_batch_and_attempt(mixed_job: Any) -> None:
    story = row_story(mixed_job, 2)

    assert story is not None
    assert json.loads(story.sent)["email"] == "person0@example.com"
    assert story.batch.number == 1
    assert [attempt.kind for attempt in story.attempts] == ["answered"]
    assert "No phone" in answer_text(mixed_job, story.attempts[0])["raw"]


def test_a_row_that_failed_the_check_was_never_sent(mixed_job: Any) -> None:
    story = row_story(mixed_job, 5)

    assert (story.sent, story.batch, story.attempts) == ("", None, [])


def test_the_header_and_a_blank_row_have_no_story(mixed_job: Any) -> None:
    assert row_story(mixed_job, 1) is None
    assert row_story(mixed_job, 43) is None
