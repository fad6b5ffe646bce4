"""The Russian catalogue: complete, with every placeholder, with the right word for every number, nothing forgotten."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import polib
import pytest
from django.utils.translation import ngettext, override
from django.utils.translation.template import templatize

from dashboard.figures import duration, number, quoted
from dashboard.presenting.verbs import profiles_text, rows_text

ROOT = Path(__file__).parent.parent
CATALOGUE = polib.pofile(str(ROOT / "locale" / "ru" / "LC_MESSAGES" / "django.po"))
SOURCES = sorted(path for folder in ("dashboard", "imports") for path in (ROOT / folder).rglob("*.py"))
TEMPLATES = sorted(path for kind in ("*.html", "*.txt") for path in (ROOT / "templates").rglob(kind))

Message = tuple[str | None, str]  # context, English text


def test_every_message_is_translated() -> None:
    assert [entry.msgid for entry in CATALOGUE if not entry.translated()] == []
    assert [entry.msgid for entry in CATALOGUE if entry.obsolete] == []


PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w+\}|%%")


def _placeholders(text: str) -> list[str]:
    return sorted(set(PLACEHOLDER.findall(text)))


def test_every_translation_keeps_the_placeholders() -> None:
    wrong = [
        (entry.msgid, text)
        for entry in CATALOGUE
        for text in (entry.msgstr_plural.values() or [entry.msgstr])
        if _placeholders(text) != _placeholders(entry.msgid_plural or entry.msgid)
    ]

    assert wrong == []


def test_translations_do_not_shout_and_quote_the_russian_way() -> None:
    texts = [text for entry in CATALOGUE for text in (entry.msgstr, *entry.msgstr_plural.values())]

    assert [text for text in texts if re.search(r"[!“”]", text)] == []
    assert [text for text in texts if text != text.strip() or "  " in text] == []


# --- plurals ---


@pytest.mark.parametrize(
    ("told", "forms"),
    [
        (rows_text, ("строка", "строки", "строк", "строк", "строка", "строки", "строка")),
        (profiles_text, ("профиль", "профиля", "профилей", "профилей", "профиль", "профиля", "профиль")),
    ],
)
def test_count_takes_the_right_word(told: Callable[[int], str], forms: tuple[str, ...]) -> None:
    with override("ru"):
        words = [told(count) for count in (1, 2, 5, 11, 21, 22, 101)]

    assert [word.partition("\u00a0")[2] for word in words] == list(forms)


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (1, "1 строка не прошла проверку"),
        (2, "2 строки не прошли проверку"),
        (5, "5 строк не прошли проверку"),
        (11, "11 строк не прошли проверку"),
        (21, "21 строка не прошла проверку"),
        (101, "101 строка не прошла проверку"),
        (1000, "1 000 строк не прошли проверку"),
    ],
)
def test_verb_agrees_with_the_count(count: int, expected: str) -> None:
    with override("ru"):
        text = ngettext("%(count)s row failed the check", "%(count)s rows failed the check", count)
        assert (text % {"count": number(count)}).replace("\u00a0", " ") == expected


def test_words_after_about_stand_in_the_genitive() -> None:
    with override("ru"):
        told = [duration(minutes * 60).replace("\u00a0", " ") for minutes in (1, 2, 5, 21)]

    assert told == ["около 1 минуты", "около 2 минут", "около 5 минут", "около 21 минуты"]


def test_quotation_marks_follow_the_language() -> None:
    with override("ru"):
        assert quoted("Дата") == "«Дата»"
    with override("en"):
        assert quoted("Date") == "“Date”"


# --- nothing forgotten ---

PLAIN = {"_", "N_", "lazy", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
WITH_CONTEXT = {"pgettext", "pgettext_lazy"}
TEXT = r"""(u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))"""
IN_TEMPLATE = re.compile(rf"\b(?:n?(p?)gettext|_)\({TEXT}(?:, {TEXT})?")


def _marked(path: Path) -> Iterator[Message]:
    """What a module marks for translation. In an f-string it is marked too, but makemessages does not see it there."""
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        texts = [part.value for part in node.args if isinstance(part, ast.Constant) and isinstance(part.value, str)]
        if texts and name in PLAIN | PLURAL:
            yield None, texts[0]
        elif len(texts) > 1 and name in WITH_CONTEXT:
            yield texts[0], texts[1]


def _marked_in_template(path: Path) -> Iterator[Message]:
    for context, first, second in IN_TEMPLATE.findall(templatize(path.read_text(), origin=str(path))):
        texts = [ast.literal_eval(text) for text in (first, second) if text]
        yield (texts[0], texts[1]) if context else (None, texts[0])


def test_everything_marked_is_in_the_catalogue() -> None:
    """What fails here is mended by `manage.py makemessages -l ru` and the words it asks for; see the README."""
    known = {(entry.msgctxt, entry.msgid) for entry in CATALOGUE}
    marked = {message for path in SOURCES for message in _marked(path)}
    marked |= {message for path in TEMPLATES for message in _marked_in_template(path)}

    assert len(marked) > 1000
    assert sorted(text for _context, text in marked - known) == []
    assert sorted(text for _context, text in known - marked) == []
