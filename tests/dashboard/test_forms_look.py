"""Django forms drawn with our templates: labels, help and faults tied to their controls."""

import re

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.test import override_settings
from django.utils.translation import override

from dashboard.gallery import GalleryForm

pytestmark = pytest.mark.usefixtures("our_renderer")


@pytest.fixture
def our_renderer(settings):
    apps = [*settings.INSTALLED_APPS, *({"django.forms"} - set(settings.INSTALLED_APPS))]
    with (
        override_settings(INSTALLED_APPS=apps, FORM_RENDERER="django.forms.renderers.TemplatesSetting"),
        override("en"),
    ):
        yield


def drawn(form):
    form.renderer = TemplatesSetting()
    return form.as_div()


def test_controls_take_their_classes_and_keep_their_own():
    class Own(forms.Form):
        plain = forms.CharField()
        own = forms.CharField(widget=forms.TextInput({"class": "mine"}))
        hidden = forms.CharField(widget=forms.HiddenInput())

    html = drawn(Own())
    assert 'name="plain" class="form-control"' in html
    assert "form-control" not in re.search(r"<input[^>]*name=\"own\"[^>]*>", html)[0]
    assert "class" not in re.search(r"<input[^>]*name=\"hidden\"[^>]*>", html)[0]


def test_help_is_tied_to_its_control():
    html = drawn(GalleryForm())
    assert 'aria-describedby="id_name_helptext"' in html
    assert 'id="id_name_helptext"' in html


def test_fault_is_tied_to_its_control_and_told_in_a_summary():
    html = drawn(GalleryForm({"operation": "import"}))
    assert 'aria-invalid="true"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert "data-focus" in html
    assert '<a href="#id_name">' in html


def test_summary_leads_to_the_first_card_of_a_choice():
    assert '<a href="#id_operation_0">' in drawn(GalleryForm({}))


def test_form_without_faults_has_no_summary():
    assert "error-summary" not in drawn(GalleryForm())


def test_label_has_no_colon_and_says_what_is_optional():
    html = drawn(GalleryForm())
    assert re.search(r"E-mail for the result <span class=\"optional\">optional</span></label>", html)
    assert "Name of the preset</label>" in html


def test_choice_is_a_fieldset_of_cards_with_notes():
    html = drawn(GalleryForm())
    assert re.search(r"<fieldset[^>]*>\s*<legend[^>]*>What to do", html)
    assert html.count('class="choice slim"') == 3
    assert "People not found are rejected" in html


def test_checkbox_stands_before_its_label():
    html = drawn(GalleryForm())
    assert re.search(
        r'type="checkbox" name="careful" class="form-check-input"[^>]*>\s*<label class="form-check-label"', html
    )


def test_value_and_error_are_escaped():
    html = drawn(GalleryForm({"name": '"><script>', "address": "<b>"}))
    assert "<script>" not in html
    assert 'value="&lt;b&gt;"' in html
