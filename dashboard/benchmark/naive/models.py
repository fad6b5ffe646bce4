"""One model for a file, one for each of its rows."""

from django.db import models


class Upload(models.Model):
    name = models.CharField(max_length=300)

    objects: "models.Manager[Upload]" = models.Manager()

    class Meta:
        app_label = "naive"

    def __str__(self) -> str:
        return self.name


class Row(models.Model):
    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    payload = models.JSONField()
    status = models.CharField(max_length=20, default="new", db_index=True)
    error_code = models.IntegerField(null=True)
    error_text = models.CharField(max_length=300, default="")
    profile_id = models.CharField(max_length=24, default="")

    objects: "models.Manager[Row]" = models.Manager()

    class Meta:
        app_label = "naive"
        indexes = [models.Index(fields=["upload", "number"])]

    def __str__(self) -> str:
        return f"row {self.number}"
