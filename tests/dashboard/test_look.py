"""The frame and the files behind it: strict policy, licences, signs, contrast."""

import hashlib
import re
import runpy
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.translation import override

from dashboard.badges import BATCH_STATES, GUESSES, JOB_STATES, OUTCOMES
from dashboard.gallery import SAMPLE

ROOT = Path(settings.BASE_DIR)
STATIC, TEMPLATES = ROOT / "static", ROOT / "templates"
CSS = (STATIC / "css/ledger.css").read_text()
WIDTHLESS = re.compile(r"<[^>]*\s(style|on[a-z]+)=")


def frame(template="gallery.html", user=None, language="en", **context):
    request = RequestFactory().get("/parts/")
    request.user = user or AnonymousUser()
    with override(language):
        return render_to_string(template, context, request)


@pytest.fixture
def anna_unsaved():
    return User(username="anna", first_name="Anna", last_name="Kravtsova", is_superuser=True)


@pytest.fixture
def gallery(anna_unsaved, db):
    anna_unsaved.save()
    return frame(user=anna_unsaved, **SAMPLE)


pytestmark = pytest.mark.urls("tests.dashboard.gallery_urls")


def test_page_has_neither_style_nor_script_of_its_own(gallery):
    assert not WIDTHLESS.search(gallery)
    assert "<style" not in gallery
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", gallery))


def test_page_asks_no_other_host(gallery):
    assert not re.search(r"(src|href|action)=\"(https?:)?//", gallery)


def test_ids_of_the_gallery_are_unique(gallery):
    ids = re.findall(r"\sid=\"([^\"]+)\"", gallery)
    assert sorted(ids) == sorted(set(ids))


def test_live_region_and_skip_link_are_there_on_load(gallery):
    assert 'id="live" class="visually-hidden" role="status"' in gallery
    assert gallery.index('href="#main"') < gallery.index("<header")


def test_signing_out_and_language_are_forms(gallery):
    assert re.search(r'<form method="post" action="/logout/"><input type="hidden" name="csrfmiddlewaretoken"', gallery)
    assert re.search(r'<form method="post" action="/set_language/">', gallery)


def test_stranger_sees_no_menu():
    html = frame("registration/login.html")
    assert "mainnav" not in html
    assert 'action="/logout/"' not in html


@pytest.mark.parametrize("language", ["en", "ru"])
def test_page_names_its_language(language):
    assert f'<html lang="{language}">' in frame("registration/login.html", language=language)


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500"])
def test_error_page_needs_neither_request_nor_database(name):
    assert "<h1>" in render_to_string(f"{name}.html")


def test_vendored_files_are_what_was_written_down():
    lines = (STATIC / "vendor/checksums.txt").read_text().splitlines()
    listed = {name: digest for digest, name in (line.split(maxsplit=1) for line in lines)}
    own = {"README.md", "checksums.txt"}
    found = {str(p.relative_to(STATIC / "vendor")): p for p in (STATIC / "vendor").rglob("*") if p.is_file()}
    assert set(found) - own == set(listed)
    assert {name: hashlib.sha256(found[name].read_bytes()).hexdigest() for name in listed} == listed


def test_every_sign_that_is_asked_for_is_in_the_sprite():
    signs = set(re.findall(r'id="i-([a-z]+)"', (STATIC / "icons.svg").read_text()))
    asked = {name for page in TEMPLATES.rglob("*.html") for name in re.findall(r'{% icon "([a-z]+)"', page.read_text())}
    tables = (OUTCOMES, JOB_STATES, BATCH_STATES, GUESSES)
    asked |= {badge.icon for table in tables for badge in table.values()}
    assert asked - signs == set()


def tokens(theme):
    pairs = re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", CSS)
    return {name: (light if theme == "light" else dark) for name, light, dark in pairs}


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_reaches_4_5_to_1_on_every_surface(theme):
    of = tokens(theme)
    inks = ["ink", "ink-2", "ink-3", "accent"]
    ratios = {(ink, on): contrast(of[ink], of[on]) for ink in inks for on in ("paper", "sheet", "well")}
    ratios |= {(name, "sheet"): contrast(of[name], of["sheet"]) for name in OUTCOMES}
    ratios |= {(name, "wash"): contrast(of[name], of[f"{name}-soft"]) for name in OUTCOMES}
    ratios["button"] = contrast(of["on-accent"], of["accent"])
    assert {pair: ratio for pair, ratio in ratios.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_edges_of_controls_and_the_focus_ring_reach_3_to_1(theme):
    of = tokens(theme)
    for line in ("rule-strong", "focus"):
        assert all(contrast(of[line], of[on]) >= 3 for on in ("paper", "sheet", "well")), line


@pytest.mark.parametrize(("debug", "mounted"), [(True, 1), (False, 0)])
def test_developers_alone_are_shown_the_page_of_parts(settings, debug, mounted):
    settings.DEBUG = debug
    patterns = runpy.run_path(str(ROOT / "dashboard/urls.py"))["urlpatterns"]
    assert [getattr(one, "name", None) for one in patterns].count("parts") == mounted
