"""Why data was not destroyed."""

from django.utils.translation import gettext_noop as N_

DESTROYING = {
    "row_erased": (
        N_("The person of this row was erased."),
        N_("Nothing of the person is left here; only the number of the row and what became of it."),
    ),
    "person_being_sent": (
        N_("This person is in an import that is being sent or waits for a decision: number %(jobs)s."),
        N_("Stop it, or decide about its batches; then ask again."),
    ),
    "purge_not_over": (
        N_("This import is being sent, or waits for a decision: its rows are still needed."),
        N_("Stop it, or decide about the batches without an answer; then destroy it."),
    ),
    "purge_on_wire": (
        N_("A call of this import is still running."),
        N_("Wait for its end, two minutes at most, and try again."),
    ),
    "purged_already": (N_("The rows and files of this import were destroyed before."), ""),
    "retention_days": (N_("The days are a whole number from 1 to 3,650."), N_("Write such a number.")),
    "person_missing": (
        N_("Write the address, phone or other key of one person."),
        N_("At least three characters, as they stand in the file."),
    ),
    "search_not_over": (
        N_("The person is still being looked for, or was erased a moment ago."),
        N_("Wait for the end, or look for the person again."),
    ),
    "search_too_often": (
        N_("Looking for the person ended its worker again and again, so it was given up."),
        N_("Tell whoever looks after the dashboard; then look again."),
    ),
    "search_failed": (
        N_("An import could not be looked through, so nobody knows whether the person stands in it."),
        N_("Tell whoever looks after the dashboard; then look again."),
    ),
    "search_not_allowed": (N_("Whoever asked may not sign in any more."), ""),
    "source_erased": (
        N_("The file of this import was destroyed when a person was erased from it."),
        N_("It cannot be read anew with other choices; import the file again, without that person."),
    ),
}
