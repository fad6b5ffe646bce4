"""Who was reached by an import, as keyed hashes: kept when the people's data is gone."""

from django.db import models

from .connections import Connection
from .jobs import ImportJob


class SentPeople(models.Model):
    """One finished import's people: a sorted array of keyed 64-bit hashes lies in storage under `object_name`.

    `key_sign` names the lasting secret the hashes were made with; without that secret they tell nothing.
    """

    job = models.OneToOneField(ImportJob, on_delete=models.CASCADE, related_name="sent_people")
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="+")
    database_id = models.BigIntegerField()
    key_sign = models.CharField(max_length=16)
    people = models.PositiveIntegerField()
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["connection", "database_id", "-written_at"], name="sent_recently")]

    def __str__(self) -> str:
        return f"{self.people} people"
