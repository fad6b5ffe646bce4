"""What the check found in a row."""

from django.utils.translation import gettext_noop as N_

ROWS: dict[str, tuple[str, str]] = {
    "duplicate_key": (
        N_("Another row of the file has the same key and is sent instead."),
        N_("Nothing needs to be done, unless the wrong one is kept: choose another rule on the Columns step."),
    ),
    "duplicate_of": (N_("Row %(row)s has the same key and is sent instead."), ""),
    "merged_into": (N_("It was merged into row %(row)s, which has the same key and is sent."), ""),
    "none_of_group": (N_("Row %(row)s has the same key, and of such rows none is sent."), ""),
    "row_corrected": (N_("Corrected here, otherwise than in the file: %(columns)s."), ""),
    "sent_before": (
        N_("This person went in an earlier import."),
        N_("To send them again, change the choice on the page of the check."),
    ),
    "text_broken": (
        N_("The cell holds a broken character."),
        N_("Choose the right encoding on the File step, or retype the cell."),
    ),
    "cell_error": (N_("A formula failed in this cell."), N_("Mend the formula or empty the cell.")),
    "key_missing": (
        N_("The row has nothing to find the person by: %(fields)s."),
        N_("Fill it in, or choose another way of matching."),
    ),
    "provider_empty": (
        N_("A push subscription has a device token but no provider."),
        N_("Fill in the provider, or empty the token."),
    ),
    "profile_empty": (
        N_("The row has no value at all: an empty profile would be added."),
        N_("Fill the row in, or leave it out."),
    ),
    "email_several": (N_("There is more than one address in the cell (%(count)s)."), N_("Keep one.")),
    "email_letters": (
        N_("There are Cyrillic letters among Latin ones: %(letters)s."),
        N_("Retype the address in Latin letters."),
    ),
    "phone_invalid": (N_("This is no phone number anyone can have."), N_("Write it with + and the country code.")),
    "phone_no_country": (
        N_("The phone number has no country code."),
        N_("Choose the country of phones on the Columns step, or write the number with +."),
    ),
    "phone_scientific": (
        N_("The spreadsheet has shortened this number and lost digits."),
        N_("Format the column as text and export it again."),
    ),
    "number_invalid": (N_("This is not a number."), N_("Write digits only, without units.")),
    "number_ambiguous": (N_("This may mean thousands or a fraction."), N_("Write 1234 or 1.5.")),
    "number_scientific": (
        N_("The spreadsheet has shortened this number and lost digits."),
        N_("Show it in full and export it again."),
    ),
    "number_too_large": (N_("The number is too large for the field."), N_("Correct it, or use a field of text.")),
    "integer_fraction": (N_("The field takes whole numbers."), N_("Round it.")),
    "date_invalid": (N_("There is no such date."), N_("Write 31.12.1990 or 1990-12-31.")),
    "date_two_digit_year": (N_("The century of this date is unclear."), N_("Write the year with four digits.")),
    "date_ambiguous": (
        N_("This date may begin with the day or with the month."),
        N_("Choose the order for the column on the Columns step."),
    ),
    "date_order": (
        N_("This date does not fit the order of the others in its column."),
        N_("Correct it, or choose another order for the column."),
    ),
    "date_number": (N_("This is a number, not a date."), N_("Format the column as dates and export it again.")),
    "boolean_unknown": (N_("This is neither yes nor no."), N_("Write yes or no.")),
    "sex_unknown": (N_("This is not a known word for a gender."), N_("Write male or female.")),
    "enum_unknown": (N_("The value is not in the field's list."), N_("Use one of: %(allowed)s.")),
    "ip_invalid": (N_("This is not an IP address."), N_("Correct or empty it.")),
    "object_invalid": (N_("This is not a JSON object, or it cannot be sent unchanged."), N_("Correct the JSON.")),
    "objects_invalid": (
        N_("This is not a JSON list of objects, or it cannot be sent unchanged."),
        N_("Correct the JSON."),
    ),
    "object_in_text": (
        N_("The cell holds a JSON object or list, but the field takes text."),
        N_("Match the column with a field of the type object or list of objects, or write plain text."),
    ),
    "given_not_list": (
        N_("This is not a JSON list of subscriptions."),
        N_("Write a list of objects with “channel”, “resource_id” and the contact."),
    ),
    "given_channel": (
        N_("Subscription %(number)s of the row: there is no channel “%(channel)s”."),
        N_("Write one of: email, sms, push, telegram_bot, whatsapp, viber, notify."),
    ),
    "given_resource": (
        N_("Subscription %(number)s of the row has no number of a resource."),
        N_("Write “resource_id” as a whole number."),
    ),
    "given_key_unknown": (
        N_("Subscription %(number)s of the row holds “%(key)s”, which its channel does not have."),
        N_("Take it out, or correct its name."),
    ),
    "given_contact": (
        N_("Subscription %(number)s of the row has no contact that %(channel)s can use."),
        N_("Correct the contact; there must be one, written as the documents of the platform show it."),
    ),
    "given_value": (
        N_("Subscription %(number)s of the row: the value of “%(name)s” cannot be used."),
        N_("Correct it."),
    ),
    "given_status": (
        N_("Subscription %(number)s of the row has a status or a priority, which can bring back people who have left."),
        N_("Say on the Columns step whether to send it or to leave it out."),
    ),
    "given_resource_unknown": (
        N_("The database has no resource number %(resource)s (%(channel)s subscription)."),
        N_("Correct the number, or bind the resource to the database in Altcraft and refresh the lists."),
    ),
    "given_channel_lacking": (
        N_("The resource number %(resource)s does not send by the channel “%(channel)s”."),
        N_("Correct the subscription, or refresh the lists."),
    ),
    "object_action": (N_("This value would act as a command (“action”)."), N_("Rename the key.")),
    "profile_too_large": (
        N_("The profile alone has %(bytes)s bytes; %(limit)s are free in a request, beside what goes with every one."),
        N_("Shorten its longest cells, or attach smaller files."),
    ),
    "too_many_cells": (
        N_("The row has %(found)s cells, the header has %(expected)s: its values may stand in the wrong columns."),
        N_("Check the delimiter and the quotes in this row."),
    ),
    "short_after_line_break": (
        N_(
            "The row has %(found)s cells, the header has %(expected)s, and a line break inside: a quote may be missing."
        ),
        N_("Check the quotes in this row."),
    ),
    "text_after_quote": (N_("Text follows a closing quote."), N_("Double the quotes inside the cell.")),
    "cell_too_long": (
        N_("A cell has %(length)s characters; %(limit)s are allowed."),
        N_("Shorten it. Often a quote that is not closed has swallowed the rows below."),
    ),
    "control_character": (
        N_("The cell holds a character that cannot be sent (%(name)s)."),
        N_("Remove it, or choose the right encoding on the File step."),
    ),
    "email_invalid": (N_("This is not an e-mail address."), N_("Correct it.")),
    "email_invalid.no_at": (N_("The e-mail address has no “@”."), N_("Correct it.")),
    "email_invalid.at": (N_("The e-mail address has “@” more than once."), N_("Correct it.")),
    "email_invalid.space": (N_("There is a space in the e-mail address."), N_("Correct it.")),
    "email_invalid.comma": (N_("There is a comma in the e-mail address."), N_("Correct it.")),
    "email_invalid.local": (N_("The part before “@” is not one an e-mail address can have."), N_("Correct it.")),
    "email_invalid.domain": (N_("The part after “@” is not one an e-mail address can have."), N_("Correct it.")),
}
