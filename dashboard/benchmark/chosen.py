"""What every side imports: the columns of `imports.samples`, the fields they feed and the request they go in. Knows no
Django, so that the sides without it can share it."""

from collections.abc import Sequence
from typing import Final

from imports.mapping import SYSTEM_FIELDS, ColumnMapping, ColumnTarget, Kind, SubscriptionRule, TargetField

DATABASE: Final = 1
MATCHING: Final = "email"
REGION: Final = "RU"
RULES: Final = (SubscriptionRule("email", 1),)
FIELDS: Final = (
    "email", "phones", "_fname", "_lname", "_bdate", "_city", "_sex", "card_number", "level", "points",
    "last_purchase", "spent", "source", "consent", "notes",
)  # fmt: skip
PROFILES: Final = 10_000  # a request; an account's own default
TOKEN: Final = "sandbox-token"  # noqa: S105 - it opens nothing but invented people
SEED: Final = 42

_CUSTOM: Final = (
    TargetField("card_number", Kind.LINE, "Номер карты"),
    TargetField("level", Kind.ENUM, "Уровень карты", options=("bronze", "silver", "gold")),
    TargetField("points", Kind.INTEGER, "Баллы"),
    TargetField("last_purchase", Kind.DATE, "Последняя покупка"),
    TargetField("spent", Kind.FLOAT, "Сумма покупок"),
    TargetField("source", Kind.LINE, "Источник"),
    TargetField("consent", Kind.BOOLEAN, "Согласие на рассылку"),
    TargetField("notes", Kind.LINE, "Заметки"),
)  # as the sandbox's account has them; a test holds the two together
TARGET_FIELDS: Final = {field.name: field for field in (*SYSTEM_FIELDS, *_CUSTOM)}

_HEAD: Final = b'{"token":"%s","db_id":%d,"matching":"%s","skip_triggers":true,"data":['


def mapping(headers: Sequence[str]) -> ColumnMapping:
    """Every column to its field."""
    return ColumnMapping(
        tuple(ColumnTarget(column, headers[column], field, region=REGION) for column, field in enumerate(FIELDS))
    )


def body(profiles: Sequence[bytes]) -> bytes:
    """The request that carries these JSON texts. Source: profiles/import_batch, Request example."""
    return b"".join((_HEAD % (TOKEN.encode(), DATABASE, MATCHING.encode()), b",".join(profiles), b"]}"))
