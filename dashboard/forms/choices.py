"""The choices of a destination, in words."""

from django.utils.translation import gettext_lazy

OPERATIONS = {
    "import": gettext_lazy("Add and update"),
    "update": gettext_lazy("Update only"),
    "add": gettext_lazy("Add only"),
    "scenario": gettext_lazy("Add and start a scenario"),
}
OPERATION_NOTES = {
    "import": gettext_lazy("New people are added, known ones updated"),
    "update": gettext_lazy("People not found are rejected"),
    "add": gettext_lazy(
        "Does not look for people who are there already. Sent twice, people without an e-mail are there twice"
    ),
    "scenario": gettext_lazy("Sends messages: each of these people enters the scenario"),
}
MATCHINGS = {
    "email": gettext_lazy("E-mail anywhere"),
    "email_profile": gettext_lazy("E-mail in the profile"),
    "email_sub": gettext_lazy("E-mail in a subscription"),
    "phone": gettext_lazy("Phone anywhere"),
    "phone_sub": gettext_lazy("Phone in a subscription"),
    "email_phone": gettext_lazy("E-mail or phone in the profile"),
    "email_phone_sub": gettext_lazy("E-mail or phone in a subscription"),
    "push_sub": gettext_lazy("Push subscription"),
    "custom": gettext_lazy("A field of the database"),
    "custom_sub": gettext_lazy("A field of a subscription"),
    "profile_id": gettext_lazy("Profile ID"),
}
MATCHING_NOTES = {
    "email": gettext_lazy("Looks for the address in profiles and in their e-mail subscriptions."),
    "email_profile": gettext_lazy("Looks for the address in profiles only, not in subscriptions."),
    "email_sub": gettext_lazy("Looks for the address in e-mail subscriptions only."),
    "phone": gettext_lazy("Looks for the phone in profiles and in their SMS subscriptions."),
    "phone_sub": gettext_lazy("Looks for the phone in SMS subscriptions only."),
    "email_phone": gettext_lazy("Looks for the address, or else the phone, in profiles; one of the two is enough."),
    "email_phone_sub": gettext_lazy("Looks for the address, or else the phone, in subscriptions; one is enough."),
    "push_sub": gettext_lazy("Looks for the token of the device in push subscriptions."),
    "custom": gettext_lazy("Looks for the value of a field that differs for everybody, such as a customer number."),
    "custom_sub": gettext_lazy("Looks for the value of a field in subscriptions."),
    "profile_id": gettext_lazy("Looks for the number Altcraft gave the profile. Finds people, never adds them."),
    "query": gettext_lazy("Finds people by a database query written below. For administrators."),
}
DUPLICATES = {
    "last": gettext_lazy("The last row goes"),
    "first": gettext_lazy("The first row goes"),
    "all": gettext_lazy("All go, one after another"),
}
REGIONS = {
    "RU": gettext_lazy("Russia"),
    "BY": gettext_lazy("Belarus"),
    "KZ": gettext_lazy("Kazakhstan"),
    "AM": gettext_lazy("Armenia"),
    "AZ": gettext_lazy("Azerbaijan"),
    "GE": gettext_lazy("Georgia (country)"),
    "KG": gettext_lazy("Kyrgyzstan"),
    "MD": gettext_lazy("Moldova"),
    "TJ": gettext_lazy("Tajikistan"),
    "TM": gettext_lazy("Turkmenistan"),
    "UZ": gettext_lazy("Uzbekistan"),
    "UA": gettext_lazy("Ukraine"),
    "EE": gettext_lazy("Estonia"),
    "LT": gettext_lazy("Lithuania"),
    "LV": gettext_lazy("Latvia"),
    "DE": gettext_lazy("Germany"),
    "ES": gettext_lazy("Spain"),
    "FR": gettext_lazy("France"),
    "GB": gettext_lazy("United Kingdom"),
    "IL": gettext_lazy("Israel"),
    "IN": gettext_lazy("India"),
    "IT": gettext_lazy("Italy"),
    "PL": gettext_lazy("Poland"),
    "RS": gettext_lazy("Serbia"),
    "TR": gettext_lazy("Turkey"),
    "AE": gettext_lazy("United Arab Emirates"),
    "US": gettext_lazy("United States"),
}
