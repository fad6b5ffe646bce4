"""Columns of a table and the profile fields they feed."""

from imports.mapping.columns import ColumnMapping, ColumnTarget, Problem, SubscriptionRule
from imports.mapping.fields import KEY_KINDS, LIST_KINDS, SYSTEM_FIELDS, Kind, TargetField, match_key_fields
from imports.mapping.guessing import Guess, guess_targets

__all__ = [
    "KEY_KINDS",
    "LIST_KINDS",
    "SYSTEM_FIELDS",
    "ColumnMapping",
    "ColumnTarget",
    "Guess",
    "Kind",
    "Problem",
    "SubscriptionRule",
    "TargetField",
    "guess_targets",
    "match_key_fields",
]
