"""What is wrong with a destination or a choice for a column, and what each way of finding people means."""

from django.utils.translation import gettext_noop as N_

CHOICES: dict[str, tuple[str, str]] = {
    # how people are found: what is looked for, and what that needs
    "find_email": (
        N_("Looks for the e-mail address in profiles and in e-mail subscriptions."),
        N_("Needs a column of e-mail addresses."),
    ),
    "find_email_profile": (
        N_("Looks for the e-mail address in profiles only."),
        N_("Needs a column of e-mail addresses."),
    ),
    "find_email_sub": (
        N_("Looks for the e-mail address in e-mail subscriptions only."),
        N_("Needs e-mail addresses: a column matched to the profile, or one of an e-mail subscription."),
    ),
    "find_phone": (
        N_("Looks for the phone number in profiles and in SMS subscriptions."),
        N_("Needs a column of phone numbers; of several the first counts."),
    ),
    "find_phone_sub": (
        N_("Looks for the phone number in SMS subscriptions only."),
        N_("Needs phone numbers: a column matched to the profile, or one of an SMS subscription."),
    ),
    "find_email_phone": (
        N_("Looks for the e-mail address or the phone number in profiles."),
        N_("Needs a column of e-mail addresses or of phone numbers."),
    ),
    "find_email_phone_sub": (
        N_("Looks for the e-mail address or the phone number in subscriptions."),
        N_("Needs e-mail addresses or phone numbers, matched to the profile or to a subscription."),
    ),
    "find_push_sub": (
        N_("Looks for the device of a push subscription."),
        N_("Needs a push subscription with a column of device tokens and a provider."),
    ),
    "find_custom": (
        N_("Looks for the value of a field of the database, such as a customer number."),
        N_("Needs a column matched to that field; its values must be different for everybody."),
    ),
    "find_custom_sub": (
        N_("Looks for the value of a field of a subscription."),
        N_("Needs a subscription with a column for that field."),
    ),
    "find_profile_id": (
        N_("Looks for the platform's own ID of the profile. Never adds anybody."),
        N_("Needs a column of profile IDs. Use “Update only”, or send one row a request."),
    ),
    # destination
    "single_not_for_call": (
        N_("This operation cannot send one row a request."),
        N_("Send the rows in batches."),
    ),
    "option_not_for_call": (
        N_("The platform does not take the option “%(option)s” with this operation."),
        N_("Leave the option out, or choose another operation."),
    ),
    "custom_request_malformed": (
        N_("The database query is not a JSON object."),
        N_('Correct it, for example: {"email": {"$in": ["a@example.com"]}}.'),
    ),
    "custom_request_with_matching": (
        N_("A database query takes the place of matching, but people are to be found by “%(matching)s” too."),
        N_("Leave one of the two out."),
    ),
    "custom_request_admins_only": (
        N_("A database query can reach anybody's profile, so only an administrator may use one."),
        N_("Leave the query out, or ask an administrator."),
    ),
    "attachments_too_large": (
        N_("Files and texts take %(kilobytes)s KB of every request, a third more than on disk; %(limit)s KB are free."),
        N_("Attach smaller files, or fewer."),
    ),
    "attachments_too_many": (
        N_("%(count)s files are attached; %(limit)s are the most."),
        N_("Remove some."),
    ),
    "attachment_too_large": (
        N_("“%(name)s” is too large: a file may have %(limit)s KB, as it goes with every request."),
        N_("Choose a smaller file."),
    ),
    "attachment_empty": (N_("“%(name)s” is empty."), N_("Choose a file with something in it.")),
    "attachment_name_too_long": (
        N_("The name of “%(name)s” is longer than %(limit)s characters."),
        N_("Rename the file and choose it again."),
    ),
    "attachment_gone": (
        N_("A file that was attached is not kept any more: a page keeps it for a day."),
        N_("Choose it again."),
    ),
    "scenario_unknown": (
        N_("The account has no scenario number %(id)s."),
        N_("Choose a scenario from the list, or refresh the list."),
    ),
    "scenario_other_database": (
        N_("The scenario “%(name)s” works on database %(database)s, not on %(chosen)s."),
        N_("Choose that database, or another scenario."),
    ),
    "scenario_inactive": (
        N_("The scenario “%(name)s” is switched off: nobody could enter it."),
        N_("Switch it on in Altcraft, refresh the list, or choose another one."),
    ),
    "segment_unknown": (
        N_("The account has no segment number %(id)s."),
        N_("Choose a segment from the list, or refresh the list."),
    ),
    "segment_in_and_out": (
        N_("People would be put into segment %(id)s and taken out of it at once."),
        N_("Choose one of the two."),
    ),
    # subscriptions
    "resource_unknown": (
        N_("The account has no resource number %(resource)s."),
        N_("Choose a resource from the list, or refresh the list."),
    ),
    "resource_not_bound": (
        N_("The resource “%(name)s” does not belong to database %(database)s."),
        N_("Choose another resource, or bind it to the database in Altcraft and refresh the list."),
    ),
    "channel_unknown": (N_("There is no channel “%(channel)s”."), N_("Choose one from the list.")),
    "channel_not_in_resource": (
        N_("The resource “%(name)s” does not send by the channel “%(channel)s”."),
        N_("Choose one of its channels: %(channels)s."),
    ),
    "subscription_twice": (
        N_("The same subscription stands there twice: %(channel)s, resource %(resource)s."),
        N_("Remove one of the two."),
    ),
    "subscription_choice_unknown": (
        N_("Subscription %(channel)s, resource %(resource)s: there is no choice “%(choice)s”."),
        N_("Choose one from the list."),
    ),
    "contact_column_missing": (
        N_("Subscription %(channel)s, resource %(resource)s: no column was named for its contact."),
        N_("Choose the column with the chat numbers or device tokens."),
    ),
    "provider_missing": (
        N_("Push subscription, resource %(resource)s: the provider is missing."),
        N_("Name the provider, or the column it stands in."),
    ),
    "provider_not_for_channel": (
        N_("Subscription %(channel)s, resource %(resource)s: only push has a provider."),
        N_("Leave the provider out."),
    ),
    "subscription_column_unknown": (
        N_("Subscription %(channel)s, resource %(resource)s names a column the file does not have."),
        N_("Choose a column of this file."),
    ),
    "subscription_without_contact": (
        N_("Subscription %(channel)s, resource %(resource)s: no column is matched to “%(field)s”, so nobody has it."),
        N_("Match a column to that field, choose a column for the subscription, or leave the subscription out."),
    ),
    "subscription_field_unknown": (
        N_("Resource %(resource)s has no subscription field “%(field)s” for %(channel)s."),
        N_("Choose one from the list, or refresh the list of fields."),
    ),
    "subscription_field_wrong": (
        N_("Subscription %(channel)s, resource %(resource)s: a fixed value does not suit the type of its field."),
        N_("Correct the value."),
    ),
    # columns
    "nothing_mapped": (N_("No column would be imported."), N_("Match at least one column to a field.")),
    "key_not_subscribed": (
        N_("No subscription gives what people are found by (%(matching)s %(field)s)."),
        N_("Add such a subscription, or choose another way of matching."),
    ),
    "action_not_for_kind": (
        N_("Column “%(header)s”: “%(action)s” cannot be done to a field of the type %(kind)s."),
        N_("Choose another action, or let the column set the value."),
    ),
    "submatch_missing": (
        N_("Column “%(header)s”: the property to change was not named."),
        N_("Name the property of the object."),
    ),
    "action_on_key": (
        N_("Column “%(header)s” is what people are found by: it can be neither changed nor replaced."),
        N_("Let the column set the value, and refuse rows whose value is wrong."),
    ),
    "actions_differ": (
        N_("The columns of the field “%(field)s” do different things to it."),
        N_("Choose the same action for all of them."),
    ),
    "substitute_wrong": (
        N_("Column “%(header)s”: the value set in place of wrong ones is wrong itself."),
        N_("Correct that value."),
    ),
    "requests_per_second_out_of_range": (
        N_("Requests per second must be between 0 and 1,000."),
        N_("0 means: as fast as the platform answers."),
    ),
}
