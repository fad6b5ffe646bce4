"""What trying an account has shown: the calls, and the questions its documents leave open. Never more than was seen."""

from django.utils.translation import gettext_noop as N_

PROBES: dict[str, tuple[str, str]] = {
    "question_unknown": (N_("There is no question “%(name)s” to be tried."), N_("Choose one from the list.")),
    "probe_resource_missing": (
        N_("No resource was chosen."),
        N_("Choose the resource the test profiles are subscribed to."),
    ),
    # cases
    "case_batch_email_data": (N_("In a batch, written as email_data"), ""),
    "case_batch_email": (N_("In a batch, written as email"), ""),
    "case_single_email_data": (N_("In a single request, written as email_data"), ""),
    "case_single_email": (N_("In a single request, written as email"), ""),
    "case_same": (N_("The same request sent twice"), ""),
    "case_other": (N_("Another profile under the same Request-ID"), ""),
    "case_empty": (N_("An empty text"), ""),
    "case_null": (N_("The value null"), ""),
    "case_unset": (N_("The function unset"), ""),
    "case_new": (N_("A new subscription"), ""),
    "case_left": (N_("A subscription that was unsubscribed before"), ""),
    "case_batch": (N_("In a batch"), ""),
    "case_single": (N_("In a single request"), ""),
    # any question
    "probe_refused": (N_("The platform refused the test profile (%(error)s %(text)s)."), ""),
    "probe_look_failed": (N_("The request was taken; what became of the test profile could not be looked up."), ""),
    # how e-mail subscriptions are written
    "probe_works": (N_("The test profile was subscribed this way."), ""),
    "probe_not_seen": (N_("The request was taken, but the test profile has no such subscription."), ""),
    "probe_unseen": (N_("The request was taken; whether the test profile was subscribed could not be looked up."), ""),
    # a wrong profile among good ones
    "probe_outer": (N_("The request as a whole was answered with HTTP %(status)s, error %(error)s."), ""),
    "probe_no_rows": (N_("There was no result for each profile."), ""),
    "probe_bad_taken": (N_("The wrong profile was accepted: the platform did not mind its date and IP address."), ""),
    "probe_bad_alone": (N_("Only the wrong profile was refused; those before and after it were accepted."), ""),
    "probe_bad_with_others": (N_("Other profiles of the request were refused with the wrong one."), ""),
    "probe_bad_answer": (N_("Its answer: %(error)s %(text)s."), ""),
    "probe_bad_has_id": (N_("A profile ID was given for it all the same."), ""),
    "probe_bad_has_no_id": (N_("No profile ID was given for it."), ""),
    # repeats
    "probe_repeat_recognised": (N_("The repeat was recognised and answered from memory."), ""),
    "probe_repeat_not_marked": (N_("The answer did not say that it recognised the repeat."), ""),
    "probe_reused_refused": (N_("It was refused (%(error)s %(text)s): the contents are compared."), ""),
    "probe_reused_ignored": (N_("It was answered but not carried out: the contents are not compared."), ""),
    "probe_reused_applied": (N_("It was carried out like a new request."), ""),
    # profile ids
    "probe_no_id": (N_("The answer named no profile ID, so there was nothing to find the test profile by."), ""),
    "probe_id_works": (N_("The profile was found by the ID inside it and updated."), ""),
    "probe_id_ignored": (N_("The request was taken, but the profile stayed as it was."), ""),
    # empty values
    "probe_value_cleared": (N_("The field was empty afterwards."), ""),
    "probe_value_empty": (N_("The field held an empty text afterwards."), ""),
    "probe_value_stayed": (N_("The field kept its value."), ""),
    # statuses
    "probe_status_is": (N_("Without a status in the request it has the status “%(status)s”."), ""),
    "probe_status_kept": (N_("Without a status in the request it stays as it was (%(status)s)."), ""),
    "probe_status_lost": (
        N_("Without a status in the request its status is now “%(status)s”: the person is brought back."),
        N_("Do not add subscriptions for people who may have left, and tell Altcraft's support."),
    ),
    # nobody found
    "probe_not_found": (N_("Nobody is found: the answer is %(error)s %(text)s."), ""),
    "probe_not_found_taken": (N_("The profile of nobody was answered as accepted."), ""),
    # the test of the calls
    "lookup_answered": (
        N_("Asked for a profile nobody should have, the platform answered %(error)s %(text)s."),
        "",
    ),
    # accounts
    "connection_off": (
        N_("The connection “%(name)s” was switched off by %(who)s."),
        N_("Choose another account, or ask an administrator to switch it on."),
    ),
    "connection_off_already": (N_("The connection “%(name)s” is switched off already."), ""),
    "connection_on_already": (N_("The connection “%(name)s” is switched on already."), ""),
    "bytes_per_request_out_of_range": (
        N_("A request may have between 0.001 and 100 megabytes."),
        N_("Altcraft takes 10 MB unless its server is set otherwise."),
    ),
    "deadline_out_of_range": (
        N_("The longest wait must be between 5 and 600 seconds."),
        N_("Two minutes suit most accounts."),
    ),
    "approval_unknown": (
        N_("“%(text)s” is no rule for approvals."),
        N_("Write never, unsafe, always, or above:N with a number of profiles."),
    ),
}
