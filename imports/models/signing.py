"""Who is signed in where, and who has lost the password."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q


class SignedIn(models.Model):
    """One browser somebody is signed in with, beside Django's own session of this key. Without that it is over."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    session_key = models.CharField(max_length=40, unique=True)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)
    browser = models.CharField(max_length=60, default="", blank=True)  # what it says it is, in two words

    class Meta:
        ordering = ["-seen_at"]

    def __str__(self) -> str:
        return self.browser or "a browser"


class ForgottenPasswordQuerySet(models.QuerySet["ForgottenPassword"]):
    def due(self, now: datetime) -> "ForgottenPasswordQuerySet":
        """Those nobody is at, oldest first."""
        return self.filter(Q(next_try_at=None) | Q(next_try_at__lte=now)).order_by("pk")


class ForgottenPassword(models.Model):
    """Somebody who says so, under an address that may be nobody's: a worker finds out, and then the row goes."""

    sealed_address = models.TextField(editable=False)
    client = models.CharField(max_length=45, default="", blank=True)  # from where it was asked
    language = models.CharField(max_length=10, default="", blank=True)  # of the page it was asked on
    asked_at = models.DateTimeField()
    next_try_at = models.DateTimeField(null=True)

    objects = ForgottenPasswordQuerySet.as_manager()

    def __str__(self) -> str:
        return f"asked at {self.asked_at}"
