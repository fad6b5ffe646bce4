"""The record behind the pages, for administrators: everything can be looked at, nothing changed.

Sealed fields stay out: tokens, keys and what the platform said about people.
"""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from imports.models import (
    Attempt,
    Batch,
    Connection,
    Decision,
    HistoryEvent,
    ImportJob,
    Preset,
    RowSlice,
    SourceFile,
)


class ReadOnlyAdmin(admin.ModelAdmin):
    """Looking only, for whoever may enter the admin at all."""

    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return tuple(field.name for field in self.model._meta.fields if not field.name.startswith("sealed_"))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Connection)
class ConnectionAdmin(ReadOnlyAdmin):
    list_display = ("name", "base_url", "parallel", "profiles_per_request", "disabled_at")


@admin.register(SourceFile)
class SourceFileAdmin(ReadOnlyAdmin):
    list_display = ("name", "size", "uploaded_at")
    search_fields = ("name", "sha256")


@admin.register(ImportJob)
class ImportJobAdmin(ReadOnlyAdmin):
    list_display = ("pk", "title", "state", "rows", "connection", "created_by_name", "created_at")
    list_filter = ("state", "connection")
    list_select_related = ("connection",)
    search_fields = ("title", "uuid")
    ordering = ("-pk",)


@admin.register(Preset)
class PresetAdmin(ReadOnlyAdmin):
    list_display = ("name", "team", "owner_name", "shared", "connection", "last_used_at")
    list_filter = ("shared", "team")
    list_select_related = ("team", "connection")
    search_fields = ("name",)
    ordering = ("name",)


@admin.register(RowSlice)
class RowSliceAdmin(ReadOnlyAdmin):
    list_display = ("pk", "job", "version", "number", "first_row", "last_row", "good", "invalid", "aside")
    list_select_related = ("job",)
    ordering = ("-pk",)


@admin.register(Batch)
class BatchAdmin(ReadOnlyAdmin):
    list_display = ("pk", "job", "number", "state", "rows", "accepted", "rejected", "next_try_at")
    list_filter = ("state",)
    list_select_related = ("job",)
    ordering = ("-pk",)


@admin.register(Attempt)
class AttemptAdmin(ReadOnlyAdmin):
    list_display = ("pk", "batch", "number", "state", "kind", "http_status", "error", "reason", "seconds", "ended_at")
    list_filter = ("kind", "state")
    list_select_related = ("batch",)
    ordering = ("-pk",)


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    list_display = ("pk", "batch", "choice", "decided_by_name", "decided_at")
    list_select_related = ("batch",)
    ordering = ("-pk",)


@admin.register(HistoryEvent)
class HistoryEventAdmin(ReadOnlyAdmin):
    list_display = ("pk", "at", "verb", "actor_name", "object_text")
    list_filter = ("verb",)
    ordering = ("-pk",)
