"""The verbs. Each checks the state, changes rows and writes history in one transaction; none of them enqueues."""

from imports.reading import Unreadable

from .attachments import clear_shelf, on_shelf, room_for_files, shelve
from .checking import begin_check, check_next_slices, settle_dates
from .claims import Claim, Later
from .connections import (
    add_connection,
    change_connection,
    refresh_catalogue,
    subscription_fields,
    switch_off,
    switch_on,
    target_fields,
)
from .deciding import CHOICES, CHOICES_OF_HELD, Decided, decide, decide_all, seen
from .demo import make_demo
from .destinations import destination_faults
from .downloads import defused, download_rows
from .drain import drain
from .errors import Refused
from .evidence import look_up, may_look_up
from .filereading import read_job
from .jobs import cancel_job, settle_job, start_job
from .liveness import show_alive, shown_alive
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
)
from .pasting import Pasted, look_at_pasted
from .pausing import pause_job, resume_job
from .planning import close_check
from .probing import QUESTIONS, probe
from .proposing import close_stale_proposals, confirm_again, propose_again, refuse_again, withdraw_again
from .restoring import Restored, hold_after_restore
from .sending import batch_texts, send_next_batch
from .stopping import lift_stop, standing_stop, stop_sending, waits_for_switch
from .sweep import Bell, reconcile, reconcile_if_due
from .tables import choose_options, head, preview
from .traces import may_have_arrived, repeat_until, sender_may_live_until
from .trying import calls_used, test_connection
from .typed import create_typed_job, typed_problems
from .uploads import create_job
from .viewing import record_download, record_export, record_view, sample_profiles

__all__ = [
    "CHOICES",
    "CHOICES_OF_HELD",
    "QUESTIONS",
    "Bell",
    "Claim",
    "Decided",
    "Later",
    "MappingRefused",
    "Pasted",
    "Refused",
    "Restored",
    "Unreadable",
    "add_connection",
    "batch_texts",
    "begin_check",
    "calls_used",
    "cancel_job",
    "change_connection",
    "check_next_slices",
    "choose_options",
    "clear_shelf",
    "close_check",
    "close_stale_proposals",
    "confirm_again",
    "create_job",
    "create_typed_job",
    "decide",
    "decide_all",
    "defused",
    "destination_faults",
    "download_rows",
    "drain",
    "head",
    "hold_after_restore",
    "lift_stop",
    "look_up",
    "look_at_pasted",
    "make_demo",
    "map_columns",
    "mapping_faults",
    "matching_note",
    "may_have_arrived",
    "may_look_up",
    "offered_actions",
    "offered_channels",
    "offered_delimiters",
    "offered_encodings",
    "offered_matchings",
    "offered_options",
    "on_shelf",
    "pause_job",
    "preview",
    "probe",
    "propose_again",
    "read_job",
    "read_options",
    "reconcile",
    "reconcile_if_due",
    "record_download",
    "record_export",
    "record_view",
    "refresh_catalogue",
    "refuse_again",
    "repeat_until",
    "resume_job",
    "room_for_files",
    "sample_profiles",
    "seen",
    "send_next_batch",
    "sender_may_live_until",
    "settle_dates",
    "settle_job",
    "show_alive",
    "shown_alive",
    "shelve",
    "standing_stop",
    "start_job",
    "stop_sending",
    "subscription_fields",
    "suggest_mapping",
    "switch_off",
    "switch_on",
    "target_fields",
    "test_connection",
    "typed_problems",
    "waits_for_switch",
    "withdraw_again",
]
