from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class ImportsConfig(AppConfig):
    name = "imports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        pre_migrate.connect(_unguard, sender=self)
        post_migrate.connect(_guard, sender=self)


def _unguard(sender: Any, using: str, **kwargs: Any) -> None:
    from django.db import connections  # noqa: PLC0415 - only once a database is migrated

    from imports.guards import unguard_approvals  # noqa: PLC0415

    unguard_approvals(connections[using])


def _guard(sender: Any, using: str, **kwargs: Any) -> None:
    from django.db import connections  # noqa: PLC0415 - only once a database is migrated

    from imports.guards import guard_approvals  # noqa: PLC0415

    guard_approvals(connections[using])
