"""What came of a call, and what the platform's own codes mean as far as its documents say."""

from django.utils.translation import gettext_noop as N_

ANSWERS: dict[str, tuple[str, str]] = {
    # nothing was sent
    "not_allowed_now": (N_("The sending was stopped before anything left."), ""),
    "dns_failed": (N_("The platform's name was not found."), N_("Check the connection's address and the DNS.")),
    "connection_refused": (N_("Nothing answers at that address."), N_("Check the connection's address and port.")),
    "connect_timeout": (N_("No connection came about in time."), N_("Check the firewall, or try later.")),
    "connect_failed": (N_("The network reported an error."), N_("Check the network.")),
    "address_not_allowed": (
        N_("The platform's name leads to a private address that is not allowed."),
        N_("Ask an administrator to list its network in ALTCRAFT_ALLOWED_HOSTS."),
    ),
    "certificate_expired": (N_("The platform's certificate has expired."), N_("Ask for it to be renewed.")),
    "certificate_wrong_host": (
        N_("The platform's certificate belongs to another name."),
        N_("Check the connection's address."),
    ),
    "certificate_untrusted": (
        N_("The platform's certificate is signed by nobody this machine trusts."),
        N_("Ask an administrator to add the certificate of the signer."),
    ),
    "certificate_invalid": (N_("The platform's certificate is not valid."), N_("Ask whoever runs the platform.")),
    "tls_failed": (
        N_("No encrypted connection could be agreed on."),
        N_("Check the port; the platform must speak TLS 1.2 or newer."),
    ),
    "deadline_before_sending": (N_("The time for the call ran out before anything was sent."), ""),
    "connection_lost_before_sending": (N_("The connection was closed before the first byte."), ""),
    "worker_lost": (N_("The worker that had this batch ended suddenly."), ""),
    "not_prepared": (
        N_("A fault of ours kept the batch from being sent; nothing left this machine."),
        N_("Report it to the developers."),
    ),
    "database_away": (N_("Our own database was away for a moment; nothing was sent."), ""),
    "storage_away": (
        N_("Our own storage of files did not answer; nothing was sent."),
        N_("It is tried again by itself. If it lasts, ask your administrator."),
    ),
    # refused
    "too_large": (
        N_("The platform takes no request of this size."),
        N_("It is cut in two and sent again by itself."),
    ),
    "rate_limited": (N_("The platform asks for a pause between calls."), N_("It is sent again by itself.")),
    "refused": (N_("The platform refused the request."), N_("Read its code and text below.")),
    "address_wrong": (
        N_("This address is not that of an Altcraft API."),
        N_("Ask an administrator to correct the connection's address."),
    ),
    # answers that cannot be trusted
    "empty_answer": (N_("The answer was empty."), ""),
    "not_json": (N_("The answer was a web page or other text, not the API's JSON."), ""),
    "bad_utf8": (N_("The answer's characters could not be read."), ""),
    "not_an_object": (N_("The answer was not of the documented form."), ""),
    "error_missing": (N_("The answer had no error code."), ""),
    "duplicate_keys": (N_("The answer said the same thing twice."), ""),
    "not_a_number": (N_("The answer held a value that is no number."), ""),
    "too_deep": (N_("The answer was nested too deeply."), ""),
    "result_missing": (N_("The answer had no results of rows."), ""),
    "result_not_a_list": (N_("The answer's results were not a list."), ""),
    "counts_differ": (N_("The answer had more or fewer results than rows were sent."), ""),
    "row_unreadable": (N_("A row's result in the answer could not be read."), ""),
    "answer_too_long": (N_("The answer was longer than any answer should be."), ""),
    "answer_encoded": (N_("The answer was compressed although that was not asked for."), ""),
    "task_only": (
        N_("The platform took the request as a task and told no results of rows."),
        N_("Look in Altcraft what became of it."),
    ),
    "shape_unknown": (N_("The list was not of a form that can be read."), N_("Enter the values by hand.")),
    "unexpected": (N_("Something unexpected happened while the answer was read."), N_("Report it to the developers.")),
    # no answer
    "deadline": (N_("No answer came in time."), ""),
    "connection_closed": (N_("The connection was closed without an answer."), ""),
    "connection_lost": (N_("The connection broke before the answer."), ""),
    "reset_while_writing": (
        N_("The connection was cut while the request was being sent."),
        N_("Perhaps it was too large: when it happens again the batch is cut in two."),
    ),
    "answer_cut": (N_("The answer broke off."), ""),
    "not_http": (N_("What came back was no HTTP answer."), ""),
    "server_error": (N_("The platform reported a fault of its own."), ""),
    "tls_broken": (N_("The encrypted connection broke."), ""),
    # addresses and requests of ours that may not be used
    "address_malformed": (N_("This is not a web address."), N_("Write it as https://host.")),
    "address_has_user": (N_("The address holds a user name."), N_("Remove everything before the @.")),
    "address_scheme": (N_("An address of the kind %(scheme)s cannot be called."), N_("Use https.")),
    "address_needs_https": (N_("%(host)s may be called over https only."), N_("Write the address with https://.")),
    "host_not_listed": (
        N_("The host %(host)s is not allowed here."),
        N_("Ask an administrator to add it to ALTCRAFT_ALLOWED_HOSTS."),
    ),
    "port_not_listed": (
        N_("The port %(port)s of %(host)s is not allowed here."),
        N_("Ask an administrator to add %(host)s:%(port)s to ALTCRAFT_ALLOWED_HOSTS."),
    ),
    "token_malformed": (
        N_("This is not an API token: it is empty, too long, or holds spaces or foreign letters."),
        N_("Copy it again from Altcraft: Settings, Tokens."),
    ),
    "database_missing": (N_("No profile database was chosen."), N_("Choose one.")),
    "match_value_missing": (N_("The value people are found by is empty."), N_("Fill it in.")),
    # why a batch must not be repeated by a machine
    "scenario": (N_("It starts a scenario: people would be messaged again."), ""),
    "triggers_on": (N_("It starts triggers: people could be messaged again."), ""),
    "add_only": (N_("It adds people without looking for them: they could be added twice."), ""),
    "matching_by_subscription": (N_("People are found by subscriptions only: they could be added twice."), ""),
    "matching_not_unique": (N_("Several rows share a matching key."), ""),
    "matching_empty": (N_("Some rows have no matching key."), ""),
    "explicit_status": (N_("It sets subscription statuses: somebody may have left meanwhile."), ""),
    "function_incr": (N_("It adds to numbers: they would grow twice."), ""),
    "function_add": (N_("It adds to lists: they would grow twice."), ""),
    "function_unknown": (N_("It uses a function not known to be repeatable."), ""),
    "option_unknown": (N_("It uses an option not known to be repeatable."), ""),
    # the platform's own codes, as far as its documents list them (API interaction; Quick profile import)
    "platform_400": (
        N_("Altcraft could not read the request."),
        N_("Look at the row's values; when every row is refused, check the columns and the account's settings."),
    ),
    "platform_401": (
        N_("The API token is missing or wrong."),
        N_("Ask an administrator to put the right token into the connection."),
    ),
    "platform_402": (
        N_("The account has reached the limit of its tariff."),
        N_("Ask whoever pays for Altcraft to raise it."),
    ),
    "platform_403": (
        N_("The API token is wrong, or has no right to do this."),
        N_("Ask a master user to check the token and its role."),
    ),
    "platform_404": (
        N_("There is no such database, resource or profile."),
        N_("With “Update only” it may mean that nobody was found; else refresh the lists and choose again."),
    ),
    "platform_409": (
        N_("More than one profile has this key."),
        N_("Find the doubles in Altcraft, or find people by something only one of them has."),
    ),
    # texts of refused values that the documents explain (Common errors when importing profiles), whatever their code
    "platform_text_incorrect_phone": (
        N_("Altcraft takes this for no phone number: too short, too long, all zeros or not digits."),
        N_("Write it with + and the country code."),
    ),
    "platform_text_incorrect_date": (
        N_("Altcraft cannot read this date."),
        N_("Write it as 1990-12-31, and match the column to a field of dates."),
    ),
    "platform_text_incorrect_ip": (
        N_("Altcraft takes addresses of the form 192.0.2.1 only."),
        N_("Correct or empty it."),
    ),
    "platform_unlisted": (
        N_("Altcraft's documents do not list this code; the words beside it are the platform's own."),
        N_("If they do not help, give the code and the words to Altcraft's support."),
    ),
    "platform_probed": (N_("A question asked of this account got the same answer for people who are not found."), ""),
}
