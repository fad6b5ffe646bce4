from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "dashboard"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Here and not in dashboard/__init__.py: manage.py must be able to import dashboard.bootstrap
        # on a machine where Celery is not installed yet.
        from dashboard import (  # noqa: F401, PLC0415 - see above; personal listens to who signs in
            celery,
            checks,
            personal,
        )
        from dashboard.signin import sessions  # noqa: F401, PLC0415 - so does this
