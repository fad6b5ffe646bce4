"""Columns of a table and the profile fields they feed."""

from imports.mapping.columns import (
    ACTION_KINDS,
    LONGEST_TRANSLATED,
    MOST_TRANSLATED,
    STATUS_CHOICES,
    TRANSLATED_KINDS,
    ColumnMapping,
    ColumnTarget,
    Problem,
)
from imports.mapping.fields import (
    KEY_KINDS,
    LIST_KINDS,
    SYSTEM_FIELDS,
    Kind,
    TargetField,
    match_channels,
    match_key_fields,
)
from imports.mapping.fitting import Fit, fit, fitted_mapping, fitted_rules
from imports.mapping.guessing import Guess, guess_targets
from imports.mapping.names import alike, squeezed
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
    "LONGEST_TRANSLATED",
    "MOST_TRANSLATED",
    "STATUSES",
    "STATUS_CHOICES",
    "SYSTEM_FIELDS",
    "TRANSLATED_KINDS",
    "ColumnMapping",
    "ColumnTarget",
    "Fit",
    "Guess",
    "Kind",
    "Problem",
    "RuleValues",
    "SubscriptionRule",
    "TargetField",
    "alike",
    "column_of",
    "fit",
    "fitted_mapping",
    "fitted_rules",
    "guess_targets",
    "match_channels",
    "match_key_fields",
    "own_contacts",
    "squeezed",
]
