"""Columns of a table and the profile fields they feed."""

from imports.mapping.columns import ACTION_KINDS, STATUS_CHOICES, ColumnMapping, ColumnTarget, Problem
from imports.mapping.fields import (
    KEY_KINDS,
    LIST_KINDS,
    SYSTEM_FIELDS,
    Kind,
    TargetField,
    match_channels,
    match_key_fields,
)
from imports.mapping.guessing import Guess, guess_targets
from imports.mapping.subscriptions import (
    CONTACT_KINDS,
    STATUSES,
    RuleValues,
    SubscriptionRule,
    column_of,
    own_contacts,
)

__all__ = [
    "ACTION_KINDS",
    "CONTACT_KINDS",
    "KEY_KINDS",
    "LIST_KINDS",
    "STATUSES",
    "STATUS_CHOICES",
    "SYSTEM_FIELDS",
    "ColumnMapping",
    "ColumnTarget",
    "Guess",
    "Kind",
    "Problem",
    "RuleValues",
    "SubscriptionRule",
    "TargetField",
    "column_of",
    "guess_targets",
    "match_channels",
    "match_key_fields",
    "own_contacts",
]
