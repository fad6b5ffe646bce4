"""Why a pause, a decision, a proposal or the switch over all sending was refused, or what it waits for."""

from django.utils.translation import gettext_noop as N_

DECISIONS: dict[str, tuple[str, str]] = {
    "paused": (
        N_("%(who)s paused this import."),
        N_("Nothing is lost. It goes on where it was when you press Continue."),
    ),
    "not_pausable_now": (
        N_("This import is not being sent, so it cannot be paused."),
        N_("Open it again to see where it stands."),
    ),
    "stopping_sends_nothing": (
        N_("This import is being stopped: nothing of it is sent any more."),
        N_("Say whether the profiles arrived, or close the batch without knowing."),
    ),
    "sender_may_live": (
        N_("The program that sent this batch may still be at it, until %(time)s at the latest."),
        N_("Wait until then: its answer may come after all."),
    ),
    "second_person_needed": (
        N_("Sending again as new needs a second person."),
        N_("Propose it with a reason; another administrator confirms or refuses."),
    ),
    "needs_a_person": (
        N_("Only a person who is signed in can decide this."),
        N_("Sign in to the dashboard and decide there."),
    ),
    "reason_missing": (N_("No reason was given."), N_("Say in a few words why: others will ask.")),
    "proposed_already": (
        N_("This was proposed already and waits for a second person."),
        N_("Confirm, refuse or withdraw that proposal first."),
    ),
    "proposal_over": (
        N_("This proposal is over: it was answered, withdrawn or a day old, or its batches went their way."),
        N_("Open the page again to see where they stand."),
    ),
    "proposal_of_another": (
        N_("Somebody else proposed this; only that person can withdraw it."),
        N_("An administrator can refuse it."),
    ),
    "sending_stopped_already": (
        N_("All sending is stopped already."),
        N_("Open the page again to see by whom and why."),
    ),
    "resolved_arrived": (N_("Taken as arrived by a person's decision; Altcraft did not answer."), ""),
    "resolved_not_arrived": (N_("Taken as not arrived by a person's decision; Altcraft did not answer."), ""),
    "resolved_close": (N_("Closed by a person's decision without knowing; Altcraft did not answer."), ""),
    "resolved_stopped": (N_("The import was stopped after a try that Altcraft did not answer."), ""),
    "no_lookup": (
        N_("The documents name no way to look these profiles up by what was sent."),
        N_("Look for some of them in Altcraft itself."),
    ),
    "lookup_failed": (
        N_("Nothing came back when the profiles were looked up. %(reason)s."),
        N_("Try again later, or look for some of them in Altcraft itself."),
    ),
    "lookup_later": (N_("Altcraft asks to wait until %(time)s."), N_("Look the profiles up after that.")),
    "sending_not_stopped": (N_("Sending is not stopped."), N_("Nothing needs to be done.")),
}
