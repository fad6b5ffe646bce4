"""The verbs. Each checks the state, changes rows and writes history in one transaction; none of them enqueues."""

from imports.reading import Unreadable

from .checking import begin_check, check_next_slices, settle_dates
from .claims import Claim, Later
from .connections import add_connection, change_connection, refresh_catalogue, subscription_fields, target_fields
from .demo import make_demo
from .destinations import destination_faults
from .downloads import defused, download_rows
from .drain import drain
from .errors import Refused
from .jobs import (
    CHOICES,
    cancel_job,
    decide,
    repeat_until,
    resume_job,
    settle_job,
    start_job,
)
from .mapping import MappingRefused, map_columns, mapping_faults, suggest_mapping
from .offers import (
    matching_note,
    offered_actions,
    offered_channels,
    offered_delimiters,
    offered_encodings,
    offered_matchings,
    offered_options,
    read_options,
    typed_problems,
)
from .planning import close_check
from .probing import probe_email_spelling, test_connection
from .sending import batch_texts, send_next_batch
from .sweep import Bell, reconcile
from .tables import choose_options, head, preview, read_job
from .uploads import create_form_job, create_job
from .viewing import record_download, record_export, record_view, sample_profiles

__all__ = [
    "CHOICES",
    "Bell",
    "Claim",
    "Later",
    "MappingRefused",
    "Refused",
    "Unreadable",
    "add_connection",
    "batch_texts",
    "begin_check",
    "cancel_job",
    "change_connection",
    "check_next_slices",
    "choose_options",
    "close_check",
    "create_form_job",
    "create_job",
    "decide",
    "defused",
    "destination_faults",
    "download_rows",
    "drain",
    "head",
    "make_demo",
    "map_columns",
    "mapping_faults",
    "matching_note",
    "offered_actions",
    "offered_channels",
    "offered_delimiters",
    "offered_encodings",
    "offered_matchings",
    "offered_options",
    "preview",
    "probe_email_spelling",
    "read_job",
    "read_options",
    "reconcile",
    "record_download",
    "record_export",
    "record_view",
    "refresh_catalogue",
    "repeat_until",
    "resume_job",
    "sample_profiles",
    "send_next_batch",
    "settle_dates",
    "settle_job",
    "start_job",
    "subscription_fields",
    "suggest_mapping",
    "target_fields",
    "test_connection",
    "typed_problems",
]
