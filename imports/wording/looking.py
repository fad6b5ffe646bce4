"""Why a job waits for a person to look at its answers, and what is refused about that."""

from django.utils.translation import gettext_noop as N_

LOOKING: dict[str, tuple[str, str]] = {
    "canary": (
        N_("The first rows were sent alone: %(accepted)s accepted, %(rejected)s rejected. %(waiting)s wait for you."),
        N_("Look at what Altcraft answered. Then let the others go, or stop."),
    ),
    "brake": (
        N_("%(rejected)s of %(answered)s were rejected, most: %(most)s; limit %(limit)s %%."),
        N_("Look at the reasons. Then let the others go, or stop."),
    ),
    "canary_out_of_range": (
        N_("So many rows cannot go alone."),
        N_("Write a whole number from 1 to %(most)s, or let all rows go at once."),
    ),
    "brake_out_of_range": (
        N_("The brake cannot be set like this."),
        N_("The share is 0 (no brake) to 99 percent, of at least 1 to 1,000,000 answered rows."),
    ),
    "look_first": (
        N_("This import waits for somebody to look at its answers."),
        N_("Look at them on the page of the import, then press “Let the others go” (job go-on at a terminal)."),
    ),
    "nothing_to_look_at": (
        N_("This import does not wait for a look at its answers."),
        N_("Open it again to see where it stands."),
    ),
    "brake_not_a_share": (N_("This is no share."), N_("Write a whole number from 1 to 99, or leave it empty.")),
    "brake_too_low": (
        N_("With this limit the import would pause again at once: %(share)s %% are rejected so far."),
        N_("Write a larger number, or leave it empty to go on without a limit."),
    ),
}
