"""Why an action refused, or stopped by itself."""

from django.utils.translation import gettext_noop as N_

ACTIONS = {
    "factor_off": (N_("There is no second factor."), N_("Open the page again to see what is set up.")),
    "factor_on_already": (N_("The second factor is set up already."), N_("Open the page again to see it.")),
    "code_wrong": (
        N_("That code is not good, or was used already."),
        N_("Wait for the next one and type it as the app shows it."),
    ),
    "policy_out_of_range": (
        N_("A number of the policy is outside of what is possible."),
        N_("5 to 720 minutes, 1 to 72 hours, 1 to 30 days."),
    ),
    "checked_again_meanwhile": (
        N_("Somebody else changed or sent this import meanwhile, so nothing of yours was kept."),
        N_("Look at the rows as they are now, and correct what is left."),
    ),
    "nothing_corrected": (N_("No cell was changed."), N_("Type a new value, or choose another rule.")),
    "too_many_corrected": (
        N_("More than %(most)s cells would be changed at once."),
        N_("Correct the file itself and import that."),
    ),
    "no_such_column": (N_("There is no such column."), N_("Open the page again.")),
    "nothing_to_replace": (
        N_("The rule says nothing to replace."),
        N_("Write what stands in the cells and what should stand there."),
    ),
    "overtaken": (
        N_("Another import has gone to some of these people since this one was checked."),
        N_("Nothing was sent. They are compared again: look at who is left, and press Send."),
    ),
    "skip_unknown": (N_("There is no such choice about people sent before."), N_("Choose one from the list.")),
    "not_followable": (
        N_("These rows cannot be sent again from here."),
        N_("Only rows that were rejected can, and once the import has ended those not sent or kept back by the check."),
    ),
    "nothing_to_follow": (N_("There are no such rows."), N_("Open the results again to see where the rows are.")),
    "not_recognised": (
        N_("No row of this file carries a key of an earlier import that is still known."),
        N_("Match its columns and import it as a new file."),
    ),
    "columns_missing": (
        N_("Columns of the earlier import are missing in this file: %(columns)s."),
        N_("Give them their names back, or match the columns and import it as a new file."),
    ),
    "not_undone": (N_("This correction was undone already."), N_("Open the page again to see what stands.")),
    "file_too_large": (
        N_("The file is larger than %(limit_mb)s MB."),
        N_("Split it into smaller files, or ask your administrator to raise the limit (UPLOAD_LIMIT_BYTES)."),
    ),
    "too_many_unread": (
        N_("%(most)s of your files wait to be read already."),
        N_("Wait until one of them was read, or cancel one, then upload this one."),
    ),
    "no_room": (
        N_("There is not enough free space for this file: %(free_mb)s MB are left."),
        N_("Ask your administrator to make room, then upload it again."),
    ),
    "no_space": (
        N_("The file could not be stored (%(reason)s)."),
        N_("Ask your administrator to check the free space and the rights of the data folder, then upload it again."),
    ),
    "storage_not_there": (
        N_("The storage of files does not answer; nothing was kept."),
        N_("Try again in a few minutes. If it lasts, ask your administrator."),
    ),
    "file_gone": (
        N_("The prepared file is no longer there: it is kept for a day."),
        N_("Have it prepared again."),
    ),
    "file_too_often": (
        N_("Preparing the file has stopped its workers several times, so it was given up."),
        N_("Download it as CSV, and tell your administrator."),
    ),
    "file_not_kept": (
        N_("The file could not be prepared because of a fault of ours."),
        N_("Try again, or download it as CSV."),
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
    "links_off": (N_("This installation makes no links for support."), N_("Ask its administrator.")),
    "link_too_early": (N_("Nothing of this import was sent yet."), N_("Make the link when there is a result.")),
    "links_too_many": (N_("%(most)s links of this import are open already."), N_("Take one of them back first.")),
    "note_without_code": (N_("No code was given."), N_("Write the code of the answer that is meant.")),
    "note_without_words": (N_("Nothing was written."), N_("Say in at least one language what happened.")),
    "note_taken": (
        N_("There is a note on these answers already: %(answer)s, text %(text)s."),
        N_("Change that one, or name another text."),
    ),
    "preference_unknown": (N_("“%(value)s” cannot be chosen here."), N_("Choose one of those on the page.")),
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
    "connection_of_another_team": (
        N_("The connection “%(name)s” belongs to another team."),
        N_("Choose a connection of the import's own team."),
    ),
    "connection_used_elsewhere": (
        N_("Imports of other teams are on their way through this connection: %(count)s."),
        N_("Wait until they have ended, then change the team."),
    ),
    "preset_of_another_team": (
        N_("The preset “%(name)s” belongs to another team than the file."),
        N_("Choose the team first, then one of its presets."),
    ),
    "team_not_yours": (
        N_("The team “%(name)s” cannot be chosen."),
        N_("Choose a team that is in use and that you belong to."),
    ),
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
        N_("Altcraft has not answered for half an hour. %(reason)s."),
        N_("Ask whether the platform is down, then press Continue. Nothing was lost or sent twice."),
    ),
    "unreachable": (
        N_("Altcraft cannot be reached. %(reason)s."),
        N_("Check the connection's address and the network, then press Continue. Nothing was lost or sent twice."),
    ),
}
