"""Why something about people, teams or invitations was refused."""

from django.utils.translation import gettext_noop as N_

PEOPLE = {
    "role_unknown": (N_("There is no role “%(role)s”."), N_("Choose marketer, approver, admin or auditor.")),
    "role_needs_team": (
        N_("Marketers and approvers belong to one team."),
        N_("Choose a team; only administrators and auditors can see every team."),
    ),
    "every_team_not_yours": (
        N_("Only somebody who sees every team can let others see every team."),
        N_("Choose your own team."),
    ),
    "not_oneself": (
        N_("Nobody changes their own role or switches themselves off."),
        N_("Ask another administrator."),
    ),
    "last_admin": (
        N_("This is the last administrator of every team: nobody could change anything any more."),
        N_("Make somebody else an administrator of every team first."),
    ),
    "person_off_already": (N_("This person is switched off already."), N_("Load the page again.")),
    "person_on_already": (N_("This person can sign in already."), N_("Load the page again.")),
    "person_not_yours": (N_("You do not answer for this person."), N_("Ask an administrator who does.")),
    "person_unknown": (N_("There is nobody called “%(name)s”."), N_("Check the spelling of the user name.")),
    "email_missing": (N_("An invitation needs an e-mail address."), N_("Write the address of the person.")),
    "email_wrong": (N_("This is no e-mail address."), N_("Write it like name@example.com.")),
    "email_taken": (
        N_("Somebody here has this e-mail address already."),
        N_("Each address belongs to one person: choose another one."),
    ),
    "username_wrong": (
        N_("A user name has letters, digits and @ . + - _ only, 150 at most."),
        N_("Choose such a name, without spaces."),
    ),
    "username_taken": (N_("The user name “%(name)s” is taken."), N_("Choose another one.")),
    "password_missing": (N_("A person needs a password."), N_("Give one by --password-stdin, or invite the person.")),
    "invitation_closed": (
        N_("This invitation opens nothing any more."),
        N_("Ask whoever sent it to you for a new one."),
    ),
    "team_name_missing": (N_("A team needs a name."), N_("Write one.")),
    "team_name_taken": (N_("There is a team “%(name)s” already."), N_("Choose another name.")),
    "team_has_people": (
        N_("People belong to this team: %(count)s."),
        N_("Move them to other teams or switch them off first."),
    ),
    "team_has_imports": (
        N_("Imports of this team are not finished: %(count)s."),
        N_("Let them end, or stop them first."),
    ),
    "team_is_last": (N_("This is the only team in use."), N_("Make another one first.")),
    "team_off_already": (N_("This team is switched off already."), N_("Load the page again.")),
    "team_on_already": (N_("This team is in use already."), N_("Load the page again.")),
    "team_unknown": (N_("There is no team “%(name)s”."), N_("Teams there are: %(known)s.")),
}
