"""Why an approval was refused, or why an import is not sent without one."""

from django.utils.translation import gettext_noop as N_

APPROVALS: dict[str, tuple[str, str]] = {
    "approval_needed": (
        N_("By the rule of this account a second person looks before this import is sent."),
        N_("Ask for an approval on the page of the check."),
    ),
    "approval_open": (
        N_("This import waits for the approval of a second person."),
        N_("It is sent once somebody has agreed; change it or take the question back to go on otherwise."),
    ),
    "approval_over": (
        N_("There is no approval of this import that counts: it was answered, taken back, voided or a day old."),
        N_("Open the import again to see where it stands, and ask for an approval if it needs one."),
    ),
    "approval_changed": (
        N_("What would be sent is not what you looked at: the import was changed meanwhile."),
        N_("Look at it as it is now, then decide."),
    ),
    "approval_not_needed": (
        N_("By the rule of this account nobody else has to look at this import."),
        N_("Press Send on the page of the check."),
    ),
    "check_again_first": (
        N_("This import was checked before approvals could be asked for."),
        N_("Go back to its columns and check it again."),
    ),
    "nothing_to_send": (
        N_("There is no profile to send."),
        N_("Mend the problems in the file, or match other columns."),
    ),
    "step_up_needed": (
        N_("This import may write to people, so you prove once more that it is you."),
        N_("Give your password or your code, then approve."),
    ),
    "approver_needed": (
        N_("Only an approver or an administrator who sees this import can answer."),
        N_("Ask one of them, or ask an administrator for the role."),
    ),
    "approval_of_own": (
        N_("You made this import or asked for its approval, so somebody else has to agree to it."),
        N_("Another approver or administrator of the team can."),
    ),
    "approval_by_editor": (
        N_("You had a hand in this import, so somebody else has to agree to it."),
        N_("Another approver or administrator of the team can."),
    ),
}
