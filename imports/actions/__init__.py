"""The verbs. Each checks the state, changes rows and writes history in one transaction; none of them enqueues."""

from imports.reading import Unreadable

from .acts import extract_of, jobs_of, record_act_download
from .alike import Alike, Found, correct_alike, find_alike, takes_dates
from .approving import (
    Approved,
    answerable_by,
    approve_job,
    approvers_of,
    ask_approval,
    editors_of,
    expire_approvals,
    refuse_job,
    refuse_unless_second,
    withdraw_approval,
)
from .asides import ANY
from .asking import REACHED, Reached, ask_about_person
from .attachments import clear_shelf, on_shelf, room_for_files, shelve
from .checking import begin_check, check_next_slices, settle_dates
from .choosing import choose_duplicates, choose_sent_before
from .claims import Claim, Later
from .connections import (
    add_connection,
    change_connection,
    refresh_catalogue,
    refuse_first_rows,
    refuse_switched_off,
    subscription_fields,
    switch_off,
    switch_on,
    target_fields,
)
from .correcting import correct_cells, undo_correction
from .deciding import CHOICES, CHOICES_OF_HELD, Decided, decide, decide_all, seen
from .demo import make_demo
from .destinations import destination_faults
from .downloads import defused, download_rows, rows_of_download
from .drafts import Draft, draft_of, refuse_stale, save_draft
from .drain import drain
from .erasing import ask_erasure, carry_out_due_erasures, carry_out_erasures, erasures_are_due
from .errors import Refused
from .evidence import look_up, may_look_up
from .factors import (
    has_second_factor,
    new_recovery_codes,
    recovery_codes_left,
    reset_second_factor,
    those_with_second_factor,
    turn_off_second_factor,
    turn_on_second_factor,
    use_code,
)
from .figures import Figures, column_figures
from .filereading import read_job
from .followed import FOLLOWED, later_rows, original_row, own_columns
from .following import Recognised, bring_in_as_follow_up, follow_up, recognise
from .forgotten import ask_for_link, links_are_due, send_links
from .heads import Head, head_now, last_head
from .invitations import accept_invitation, invite, open_invitation, revoke_invitation
from .jobs import cancel_job, settle_job, start_job
from .letters import letters_due, send_letters
from .links import digest, make_link, open_link, revoke_link
from .liveness import show_alive, shown_alive
from .mapping import MappingRefused, map_columns, mapping_faults, suggest_mapping
from .notes import remove_note, write_note
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
from .passwords import change_password
from .pasting import Pasted, look_at_pasted
from .pausing import go_on, pause_job, resume_job
from .people import (
    add_person,
    change_person,
    change_place,
    person_called,
    switch_person_off,
    switch_person_on,
)
from .permits import needs_second, standing_approval
from .personsearch import (
    Stands,
    asked_person,
    forget_searches,
    found_by_search,
    go_on_looking,
    look_for_person,
    searches_to_go_on,
)
from .places import ROLES, Place, place_of, refuse_place, users_managed_by
from .planning import close_check
from .policies import change_policy
from .preferences import choose_preferences, preferences_of
from .preparedfiles import (
    ask_for_file,
    is_made_at_once,
    is_outdated,
    jobs_with_files_to_prepare,
    open_prepared,
    prepare_files,
    remove_expired_files,
)
from .presets import (
    Fitted,
    apply_preset,
    change_preset,
    choose_preset,
    delete_preset,
    fitted,
    may_change,
    other_orders,
    save_preset,
    update_preset,
)
from .probing import QUESTIONS, probe
from .proposing import close_stale_proposals, confirm_again, propose_again, refuse_again, withdraw_again
from .reaching import refuse_foreign, team_for
from .rechecking import plan_again
from .refusing import record_refusal
from .restoring import Restored, hold_after_restore
from .retention import RUN as RETENTION_RUN
from .retention import (
    change_retention,
    destroy_by_hand,
    due,
    due_soon,
    going_soon,
    overdue,
    purge_due,
    retention_is_due,
    run_retention,
    run_retention_if_due,
)
from .rotating import Rotated, rotate_keys
from .sampling import look_over
from .sending import batch_texts, send_next_batch
from .sentpeople import write_missing_people
from .sessions import (
    SessionRules,
    clear_sessions,
    end_session,
    end_sessions,
    note_session,
    session_rules_of,
    sessions_of,
)
from .signing import (
    record_failed_proof,
    record_failed_sign_in,
    record_lockout,
    record_session_end,
    record_sign_in,
    record_sign_out,
)
from .signs import begin_signing, end_signing, sign
from .state import BAD, LOOK, UNKNOWN, WELL, Line, system_state, worst
from .stopping import lift_stop, standing_stop, stop_sending, waits_for_switch
from .sweep import Bell, reconcile, reconcile_if_due
from .tables import choose_options, head, preview
from .teams import make_team, rename_team, switch_team_off, switch_team_on
from .traces import may_have_arrived, repeat_until, sender_may_live_until
from .trying import calls_used, test_connection
from .turns import Left, check_in_turn, check_next_piece, may_be_read_now, next_to_be_read
from .typed import create_typed_job, typed_problems
from .uploads import create_job
from .verifying import Broken, Verified, verify_history
from .viewing import record_download, record_export, record_look, record_view, sample_profiles

__all__ = [
    "Stands",
    "ask_erasure",
    "carry_out_due_erasures",
    "carry_out_erasures",
    "erasures_are_due",
    "asked_person",
    "forget_searches",
    "found_by_search",
    "go_on_looking",
    "look_for_person",
    "ask_for_link",
    "links_are_due",
    "send_links",
    "clear_sessions",
    "end_session",
    "note_session",
    "sessions_of",
    "person_called",
    "searches_to_go_on",
    "Place",
    "ROLES",
    "accept_invitation",
    "add_person",
    "change_person",
    "change_place",
    "invite",
    "make_team",
    "open_invitation",
    "place_of",
    "refuse_foreign",
    "refuse_place",
    "rename_team",
    "revoke_invitation",
    "switch_person_off",
    "switch_person_on",
    "switch_team_off",
    "switch_team_on",
    "team_for",
    "those_with_second_factor",
    "users_managed_by",
    "SessionRules",
    "change_password",
    "change_policy",
    "end_sessions",
    "session_rules_of",
    "REACHED",
    "Reached",
    "ask_about_person",
    "change_retention",
    "destroy_by_hand",
    "due",
    "due_soon",
    "going_soon",
    "RETENTION_RUN",
    "record_act_download",
    "extract_of",
    "jobs_of",
    "overdue",
    "purge_due",
    "retention_is_due",
    "run_retention",
    "run_retention_if_due",
    "has_second_factor",
    "new_recovery_codes",
    "record_failed_proof",
    "record_failed_sign_in",
    "record_lockout",
    "record_session_end",
    "record_sign_in",
    "record_sign_out",
    "recovery_codes_left",
    "reset_second_factor",
    "turn_off_second_factor",
    "turn_on_second_factor",
    "use_code",
    "look_over",
    "plan_again",
    "ANY",
    "CHOICES",
    "CHOICES_OF_HELD",
    "FOLLOWED",
    "QUESTIONS",
    "Alike",
    "Approved",
    "Bell",
    "Broken",
    "Claim",
    "Decided",
    "Draft",
    "Figures",
    "Fitted",
    "Found",
    "Later",
    "Left",
    "MappingRefused",
    "Pasted",
    "Recognised",
    "Refused",
    "Restored",
    "Rotated",
    "Unreadable",
    "Verified",
    "add_connection",
    "answerable_by",
    "apply_preset",
    "approve_job",
    "approvers_of",
    "ask_approval",
    "ask_for_file",
    "batch_texts",
    "begin_check",
    "bring_in_as_follow_up",
    "calls_used",
    "cancel_job",
    "change_connection",
    "change_preset",
    "check_in_turn",
    "check_next_piece",
    "check_next_slices",
    "choose_duplicates",
    "choose_options",
    "choose_preferences",
    "choose_preset",
    "choose_sent_before",
    "clear_shelf",
    "close_check",
    "close_stale_proposals",
    "column_figures",
    "confirm_again",
    "correct_alike",
    "correct_cells",
    "create_job",
    "create_typed_job",
    "decide",
    "decide_all",
    "defused",
    "delete_preset",
    "destination_faults",
    "digest",
    "download_rows",
    "draft_of",
    "drain",
    "editors_of",
    "expire_approvals",
    "find_alike",
    "fitted",
    "follow_up",
    "go_on",
    "head",
    "hold_after_restore",
    "is_made_at_once",
    "is_outdated",
    "jobs_with_files_to_prepare",
    "later_rows",
    "letters_due",
    "lift_stop",
    "look_at_pasted",
    "look_up",
    "make_demo",
    "make_link",
    "map_columns",
    "mapping_faults",
    "matching_note",
    "may_be_read_now",
    "may_change",
    "may_have_arrived",
    "may_look_up",
    "needs_second",
    "next_to_be_read",
    "offered_actions",
    "offered_channels",
    "offered_delimiters",
    "offered_encodings",
    "offered_matchings",
    "offered_options",
    "on_shelf",
    "open_link",
    "open_prepared",
    "original_row",
    "other_orders",
    "own_columns",
    "pause_job",
    "preferences_of",
    "prepare_files",
    "preview",
    "probe",
    "propose_again",
    "read_job",
    "read_options",
    "recognise",
    "reconcile",
    "reconcile_if_due",
    "record_download",
    "record_export",
    "record_look",
    "BAD",
    "LOOK",
    "UNKNOWN",
    "WELL",
    "Line",
    "system_state",
    "worst",
    "begin_signing",
    "end_signing",
    "sign",
    "Head",
    "head_now",
    "last_head",
    "record_refusal",
    "record_view",
    "refresh_catalogue",
    "refuse_again",
    "refuse_first_rows",
    "refuse_job",
    "refuse_switched_off",
    "refuse_unless_second",
    "refuse_stale",
    "remove_expired_files",
    "rows_of_download",
    "remove_note",
    "repeat_until",
    "resume_job",
    "revoke_link",
    "room_for_files",
    "rotate_keys",
    "sample_profiles",
    "save_draft",
    "save_preset",
    "seen",
    "send_letters",
    "send_next_batch",
    "sender_may_live_until",
    "settle_dates",
    "settle_job",
    "shelve",
    "show_alive",
    "shown_alive",
    "standing_approval",
    "standing_stop",
    "start_job",
    "stop_sending",
    "subscription_fields",
    "suggest_mapping",
    "switch_off",
    "switch_on",
    "takes_dates",
    "target_fields",
    "test_connection",
    "typed_problems",
    "undo_correction",
    "update_preset",
    "verify_history",
    "waits_for_switch",
    "withdraw_again",
    "withdraw_approval",
    "write_missing_people",
    "write_note",
]
