"""Why an action refused, or stopped by itself."""

from django.utils.translation import gettext_noop as N_

ACTIONS = {
    "file_too_large": (
        N_("The file is larger than %(limit_mb)s MB."),
        N_("Split it into smaller files, or ask your administrator to raise the limit (UPLOAD_LIMIT_BYTES)."),
    ),
    "no_space": (
        N_("The file could not be stored (%(reason)s)."),
        N_("Ask your administrator to check the free space and the rights of the data folder, then upload it again."),
    ),
    "too_late_to_read_again": (
        N_("The rows have been sent, so the file cannot be read differently any more."),
        N_("Start a new import with the same file."),
    ),
    "not_mappable_now": (
        N_("The columns cannot be changed now."),
        N_("Open the import again to see where it stands."),
    ),
    "not_mapped_yet": (N_("The columns have not been matched yet."), N_("Match the columns first.")),
    "not_checkable_now": (
        N_("The check cannot begin now."),
        N_("Open the import again to see where it stands."),
    ),
    "not_startable_now": (
        N_("This import cannot be sent now: it was changed, sent or cancelled meanwhile."),
        N_("Open it again to see where it stands."),
    ),
    "not_cancellable_now": (N_("This import has ended already."), N_("Nothing needs to be done.")),
    "not_resumable_now": (
        N_("This import is not waiting to be continued."),
        N_("Open it again to see where it stands."),
    ),
    "nothing_to_resume": (
        N_("Every open batch waits for a decision."),
        N_("Decide what became of the batches without an answer."),
    ),
    "decision_unknown": (N_("There is no such decision."), N_("Choose one of the decisions on the page.")),
    "decided_already": (
        N_("Somebody has decided this already, or the answer came after all."),
        N_("Open the page again."),
    ),
    "too_late_to_repeat": (
        N_("The platform remembers a request for one day only, and that is over."),
        N_("Look some of the profiles up in Altcraft, then say whether they arrived."),
    ),
    "operation_unknown": (N_("There is no operation “%(operation)s”."), N_("Choose one from the list.")),
    "matching_not_for_call": (
        N_("This operation cannot find people by “%(matching)s”."),
        N_("Choose another way of matching."),
    ),
    "matching_unknown": (N_("There is no matching “%(matching)s”."), N_("Choose one from the list.")),
    "match_field_missing": (
        N_("Matching by a field of your own needs the field's name."),
        N_("Choose the field that tells people apart."),
    ),
    "scenario_missing": (N_("No scenario was chosen."), N_("Choose the scenario the people should enter.")),
    "duplicates_unknown": (N_("There is no such rule for duplicates."), N_("Choose one from the list.")),
    "database_unknown": (
        N_("The account has no profile database number %(id)s."),
        N_("Choose a database from the list, or refresh the list."),
    ),
    "field_unknown": (
        N_("Column “%(header)s”: the database has no field “%(field)s”."),
        N_("Choose another field, or refresh the list of fields."),
    ),
    "field_twice": (
        N_("The field “%(field)s” takes one column, but several feed it: %(headers)s."),
        N_("Leave one of them and set the others to “Do not import”."),
    ),
    "key_not_mapped": (
        N_("No column feeds the field people are found by: %(fields)s."),
        N_("Match a column to it, or choose another way of matching."),
    ),
    "key_kind": (
        N_("People cannot be found by the field “%(field)s”: its values are of the type %(kind)s."),
        N_("Choose a field of text, whole numbers, dates or tags."),
    ),
    "profile_id_not_key": (
        N_("A profile's own ID cannot be changed; it only helps to find the profile."),
        N_("Match people by profile ID, or set the column to “Do not import”."),
    ),
    "email_not_clearable": (
        N_("Column “%(header)s”: an e-mail address cannot be cleared by an import."),
        N_("Let empty cells leave the address as it is."),
    ),
    "choice_unknown": (N_("Column “%(header)s”: there is no choice “%(choice)s”."), N_("Choose one from the list.")),
    "token_missing": (N_("The API token is empty."), N_("A master user finds it in Altcraft under Settings, Tokens.")),
    "connection_name_taken": (N_("There is a connection “%(name)s” already."), N_("Choose another name.")),
    "unknown_setting": (N_("There is no setting “%(name)s”."), N_("Check the spelling.")),
    "profiles_per_request_out_of_range": (
        N_("Profiles per request must be between 1 and 10,000."),
        N_("Altcraft advises against more than 10,000."),
    ),
    "parallel_out_of_range": (N_("Requests at the same time must be between 1 and 64."), N_("Two is a good start.")),
    "token_refused": (
        N_("Altcraft refused the token (%(error)s)."),
        N_("Ask an administrator to put the right token into the connection, then press Continue."),
    ),
    "access_refused": (
        N_("Altcraft does not let this token do that (%(error)s %(text)s)."),
        N_("Ask a master user to give the token's role the right to import profiles, then press Continue."),
    ),
    "tariff_limit": (
        N_("The account has reached the limit of its tariff (%(error)s)."),
        N_("Ask whoever pays for Altcraft to raise it, then press Continue."),
    ),
    "redirected": (
        N_("The platform's address redirects elsewhere. That is never followed: it could carry the token away."),
        N_("Ask an administrator to put the final address into the connection, then press Continue."),
    ),
    "not_answering": (
        N_("Altcraft has not answered for half an hour (%(reason)s)."),
        N_("Ask whether the platform is down, then press Continue. Nothing was lost or sent twice."),
    ),
    "unreachable": (
        N_("Altcraft cannot be reached (%(reason)s)."),
        N_("Check the connection's address and the network, then press Continue. Nothing was lost or sent twice."),
    ),
}
