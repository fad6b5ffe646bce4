"""What the platform has refused and why, import by import, and what admins have written about its answers."""

from django.db import models

from .jobs import ImportJob


class RefusalTally(models.Model):
    """How many rows of one finished import Altcraft refused for one reason; `text` is masked. Written once, when the
    import ends, so that weeks of imports are read without opening any of them."""

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="refusals")
    code = models.CharField(max_length=20)
    text = models.CharField(max_length=300)
    rows = models.PositiveIntegerField()
    ended_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "code", "text"], name="refusal_tally_once")]
        indexes = [models.Index(fields=["code", "text"], name="refusal_by_reason")]

    def __str__(self) -> str:
        return f"{self.rows} x {self.code}"


class ErrorNote(models.Model):
    """An admin's words about an answer of the platform: of this code, and if `pattern` is given whose text holds it."""

    code = models.CharField(max_length=20)
    pattern = models.CharField(max_length=200, default="", blank=True)
    title_en = models.CharField(max_length=200, default="", blank=True)
    advice_en = models.CharField(max_length=500, default="", blank=True)
    title_ru = models.CharField(max_length=200, default="", blank=True)
    advice_ru = models.CharField(max_length=500, default="", blank=True)
    written_by_name = models.CharField(max_length=150, default="")
    written_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "pattern"], name="error_note_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.pattern}".strip()

    def speaks_of(self, code: str, text: str) -> bool:
        """Whether this answer is meant: the code as it is, the pattern anywhere in the text, case ignored."""
        return self.code == code and self.pattern.casefold() in text.casefold()

    def words(self, language: str) -> tuple[str, str]:
        """(title, advice) in the language, or in the other one where it was not written in this."""
        english, russian = (self.title_en, self.advice_en), (self.title_ru, self.advice_ru)
        first, second = (russian, english) if language.startswith("ru") else (english, russian)
        return first[0] or second[0], first[1] or second[1]
