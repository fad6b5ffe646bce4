"""The record behind the pages: looked at by administrators, changed by nobody."""

from typing import Any

import pytest
from django.contrib import admin
from django.urls import reverse

from imports.models import Connection
from tests.factories import make_done_job

MODELS = (
    *("connection", "sourcefile", "importjob", "preset", "rowslice"),
    *("batch", "attempt", "decision", "historyevent"),
)


@pytest.fixture
def as_staff(as_boris: Any, boris: Any) -> Any:
    boris.is_staff = True
    boris.save()
    return as_boris


@pytest.mark.parametrize("model", MODELS)
def test_everything_can_be_looked_at_and_nothing_added(
    as_staff: Any, anna: Any, account: Connection, model: str
) -> None:
    make_done_job(anna, account)
    assert as_staff.get(reverse(f"admin:imports_{model}_changelist")).status_code == 200
    assert as_staff.get(reverse(f"admin:imports_{model}_add")).status_code == 403


def test_a_record_shows_no_sealed_field_and_refuses_changes(as_staff: Any, account: Connection) -> None:
    page = reverse("admin:imports_connection_change", args=[account.pk])
    text = as_staff.get(page).content.decode()
    assert account.base_url in text
    assert "sealed" not in text
    assert account.token not in text
    assert as_staff.post(page, {"name": "changed"}).status_code == 403
    assert as_staff.post(reverse("admin:imports_connection_delete", args=[account.pk])).status_code == 403


def test_no_model_of_imports_can_be_changed_there(rf: Any, django_user_model: Any) -> None:
    request = rf.get("/admin/")
    request.user = django_user_model(username="root", is_staff=True, is_superuser=True, is_active=True)
    for model, shown in admin.site._registry.items():
        if model._meta.app_label == "imports":
            assert not shown.has_add_permission(request)
            assert not shown.has_change_permission(request)
            assert not shown.has_delete_permission(request)
            assert not any(name.startswith("sealed_") for name in shown.get_fields(request))


def test_others_are_kept_out(as_anna: Any) -> None:
    assert as_anna.get(reverse("admin:imports_importjob_changelist")).status_code == 302
