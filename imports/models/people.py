"""What a person wants to be shown and told: language, clock, mail; and the news of their imports."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class MailWish(models.TextChoices):
    NEVER = "never", _("Never")
    NEEDS_ME = "needs_me", _("When an import of mine needs me")
    ENDS = "ends", _("When it needs me, and when it ends")


class Preferences(models.Model):
    """One person's choices; an empty language is that of the browser, an empty time zone that of the deployment."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preferences")
    language = models.CharField(max_length=10, default="", blank=True)
    time_zone = models.CharField(max_length=64, default="", blank=True)
    mail = models.CharField(max_length=10, choices=MailWish.choices, default=MailWish.NEVER)
    mail_approvals = models.BooleanField(default=True)  # of approvers: when one is asked for

    def __str__(self) -> str:
        return f"preferences of {self.user_id}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def newest_first(self) -> "NoticeQuerySet":
        return self.select_related("job").order_by("-pk")


class Notice(models.Model):
    """An import of this person ended, or needs somebody: written in the transaction in which it did, once.

    `code` is why it waits, "" for an end; `mail` tells whether a letter is wanted and what became of it.
    """

    NEEDS, ENDED = "needs", "ended"
    DUE, SENDING, SENT, FAILED = "due", "sending", "sent", "failed"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    job = models.ForeignKey("imports.ImportJob", on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=8)
    state = models.CharField(max_length=20)
    code = models.CharField(max_length=40, default="")
    at = models.DateTimeField(auto_now_add=True)
    mail = models.CharField(max_length=8, default="")
    mail_tries = models.PositiveSmallIntegerField(default=0)
    mail_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["user", "-id"], name="notice_of_person"),
            models.Index(fields=["mail"], condition=models.Q(mail__in=["due", "sending"]), name="notice_to_mail"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of job {self.job_id}"
