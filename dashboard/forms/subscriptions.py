"""Rules that subscribe people: a small list, one form each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from dashboard.forms.pairs import PairsField
from imports.mapping import CONTACT_KINDS, Kind, SubscriptionRule, column_of

CHANNELS = {
    "email": gettext_lazy("e-mail"),
    "sms": gettext_lazy("SMS"),
    "push": gettext_lazy("push"),
    "telegram_bot": gettext_lazy("Telegram bot"),
    "whatsapp": gettext_lazy("WhatsApp"),
    "viber": gettext_lazy("Viber"),
    "notify": gettext_lazy("Notify (VK, OK, SMS)"),
}
CONTACTS = {
    Kind.EMAIL: gettext_lazy("The row's e-mail address"),
    Kind.PHONES: gettext_lazy("The row's first phone"),
    Kind.LINE: gettext_lazy("Choose the column of device tokens"),
    Kind.INTEGER: gettext_lazy("Choose the column of chat numbers"),
}
TYPED_CONTACTS = {
    Kind.EMAIL: gettext_lazy("Empty: the e-mail address of the profile."),
    Kind.PHONES: gettext_lazy("Empty: the first phone of the profile."),
    Kind.LINE: gettext_lazy("The token of the device."),
    Kind.INTEGER: gettext_lazy("The number of the chat."),
}
PROVIDERS = (
    "android-firebase",
    "android-huawei",
    "android-rustore",
    "ios-firebase",
    "ios-apns",
    "Chrome",
    "Firefox",
    "firefox-firebase",
    "yandex-Appmetrica-device-id-android",
    "yandex-Appmetrica-device-id-ios",
    "yandex-Appmetrica-google-aid",
    "yandex-Appmetrica-ios-ifa",
)
STATUS_WORDS = {
    "subscribed": pgettext_lazy("subscription", "subscribed"),
    "unsubscribed": pgettext_lazy("subscription", "unsubscribed"),
    "complained": pgettext_lazy("subscription", "complained about spam"),
    "hardbounced": pgettext_lazy("subscription", "address does not exist"),
    "unconfirmed": pgettext_lazy("subscription", "not confirmed yet"),
    "suspended": pgettext_lazy("subscription", "paused"),
    "invalid": pgettext_lazy("subscription", "invalid"),
}
BAD_CONTACTS = {
    "refuse": gettext_lazy("The whole row stays behind"),
    "skip": gettext_lazy("Only the subscription is left out"),
}
Choices = list[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Offer:
    """What rules can be made of: the resources of the database chosen, and the columns of the file (place, name).

    `typed` is for a single profile: contacts are typed, not taken from columns. `own_fields` tells the names and
    titles of the fields a subscription can have, by channel and number of the resource.
    """

    resources: Sequence[Mapping[str, Any]] = ()
    columns: Sequence[tuple[int, str]] = ()
    typed: bool = False
    own_fields: Callable[[str, int], list[tuple[str, str]]] | None = None

    def targets(self) -> Choices:
        """("email:28", "Newsletter: e-mail") for every channel a resource has; channels alone when none is known."""
        if not self.resources:
            return [(f"{channel}:", word) for channel, word in CHANNELS.items()]
        return [
            (f"{channel}:{item['id']}", _("%(name)s: %(channel)s") % {"name": item["name"], "channel": word})
            for item in self.resources
            for channel, word in CHANNELS.items()
            if not item.get("channels") or channel in item["channels"]
        ]

    def column_choices(self) -> Choices:
        return [(f"column:{place}", _("Column %(name)s") % {"name": name}) for place, name in self.columns]


class RuleForm(forms.Form):
    """One rule. What only some channels have is there only while such a channel is chosen."""

    target = forms.ChoiceField(label=gettext_lazy("Subscribe to"))
    number = forms.IntegerField(
        label=gettext_lazy("Number of the resource"), min_value=1, max_value=2**31 - 1, required=False
    )
    contact = forms.ChoiceField(label=gettext_lazy("Contact"), required=False)
    provider = forms.ChoiceField(label=gettext_lazy("Push provider"), required=False)
    cats = forms.CharField(
        label=gettext_lazy("Categories"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("What the person wants to hear about, one on each line."),
    )
    custom_fields = PairsField(label=gettext_lazy("Fields of the subscription"), required=False)
    on_bad = forms.ChoiceField(
        label=gettext_lazy("If the contact is wrong"), choices=list(BAD_CONTACTS.items()), required=False
    )
    status = forms.ChoiceField(
        label=gettext_lazy("Status"),
        required=False,
        choices=[("", gettext_lazy("Do not send a status")), *STATUS_WORDS.items()],
    )
    priority = forms.IntegerField(
        label=gettext_lazy("Priority"),
        min_value=0,
        max_value=1_000_000,
        required=False,
        help_text=gettext_lazy("Empty: no priority is sent. 0 counts as a priority."),
    )
    hide_optional = True

    def __init__(self, given: Any, *, rule: SubscriptionRule | None, offer: Offer, place: str, redraw: bool) -> None:
        prefix = f"rule-{place}"
        start = _initial(rule, offer) if rule else {}
        if redraw and given is not None:
            fields = self.base_fields
            start |= {n: f.widget.value_from_datadict(given, {}, f"{prefix}-{n}") for n, f in fields.items()}
        super().__init__(None if redraw else given, prefix=prefix, initial=start)
        self.place, self._rule, self._offer = place, rule, offer
        asked = self.data.get(f"{prefix}-target") if self.is_bound else start.get("target")
        self._offer_targets(str(asked or ""))
        self.channel, _colon, number = str(asked or self._targets()[0][0]).partition(":")
        self._arrange()
        if offer.own_fields and number.isdecimal() and len(number) < 10:
            self.fields["custom_fields"].widget.names = offer.own_fields(self.channel, int(number))

    @property
    def faces_people(self) -> bool:
        """Whether the choices one must think about twice are made."""
        return self["status"].value() not in (None, "") or self["priority"].value() not in (None, "")

    @property
    def has_more(self) -> bool:
        """Whether a choice that is folded away was made, or is wrong."""
        made = (
            self["cats"].value() or self["custom_fields"].value() or self["on_bad"].value() not in ("", None, "refuse")
        )
        return bool(made or {"cats", "custom_fields", "on_bad"} & self.errors.keys())

    def rule(self) -> SubscriptionRule:
        """The choices as the domain takes them."""
        chosen = self.cleaned_data
        channel, _colon, number = chosen["target"].partition(":")
        return SubscriptionRule(
            channel,
            int(number or chosen.get("number") or 0),
            contact=chosen.get("contact", ""),
            provider=chosen.get("provider", ""),
            cats=tuple(line.strip() for line in chosen["cats"].splitlines() if line.strip()),
            custom_fields=chosen["custom_fields"],
            status=chosen["status"],
            priority=chosen["priority"],
            on_bad=chosen["on_bad"] or "refuse",
        )

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if "number" in self.fields and not found.get("number") and "number" not in self.errors:
            self.add_error("number", _("Enter the number of the resource; Altcraft shows it in its list of resources."))
        return found

    def _targets(self) -> Choices:
        return list(self.fields["target"].choices)  # type: ignore[attr-defined]

    def _offer_targets(self, asked: str) -> None:
        choices = self._offer.targets()
        if self._offer.resources:
            del self.fields["number"]
            kept = f"{self._rule.channel}:{self._rule.resource_id}" if self._rule else ""
            if kept and kept == asked and kept not in dict(choices):
                told = {"id": self._rule.resource_id, "channel": CHANNELS.get(self._rule.channel, self._rule.channel)}  # type: ignore[union-attr]
                choices = [*choices, (kept, _("Resource %(id)s, not in the list: %(channel)s") % told)]
        self.fields["target"].choices = choices  # type: ignore[attr-defined]

    def _arrange(self) -> None:
        kind = CONTACT_KINDS.get(self.channel, Kind.LINE)
        columns = self._offer.column_choices()
        if self._offer.typed:
            self.fields["contact"] = forms.CharField(
                label=_("Contact"), required=False, max_length=2_000, help_text=TYPED_CONTACTS[kind]
            )
        else:
            self.fields["contact"].choices = [("", CONTACTS[kind]), *columns]  # type: ignore[attr-defined]
        if self.channel == "push":
            kept = self._rule.provider if self._rule and column_of(self._rule.provider) is None else ""
            named = [(name, name) for name in dict.fromkeys((*PROVIDERS, kept)) if name]
            self.fields["provider"].choices = [("", _("Choose the provider")), *named, *columns]  # type: ignore[attr-defined]
        else:
            del self.fields["provider"]
        self.fields["custom_fields"].widget.columns = [] if self._offer.typed else self._offer.columns


def _initial(rule: SubscriptionRule, offer: Offer) -> dict[str, Any]:
    target = f"{rule.channel}:{rule.resource_id}" if offer.resources else f"{rule.channel}:"
    plain = {"contact": rule.contact, "provider": rule.provider, "status": rule.status, "priority": rule.priority}
    more = {"cats": "\n".join(rule.cats), "custom_fields": rule.custom_fields, "on_bad": rule.on_bad}
    return plain | more | {"target": target, "number": rule.resource_id}


class Rules:
    """The rules as kept or as a page gave them; `add_rule` and `remove_rule` of what was given change the list."""

    def __init__(self, given: Any, *, kept: Sequence[SubscriptionRule], offer: Offer, redraw: bool) -> None:
        self.offer = offer
        if given is None:
            made = [(str(n), rule) for n, rule in enumerate(kept)]
            self.forms = [RuleForm(None, rule=rule, offer=offer, place=place, redraw=True) for place, rule in made]
            return
        places = _places(given)
        by_place = dict(zip(map(str, range(len(kept))), kept, strict=True))
        self.forms = [
            RuleForm(given, rule=by_place.get(place), offer=offer, place=place, redraw=redraw) for place in places
        ]
        if "add_rule" in given:
            free = str(max(map(int, [*places, *by_place, "-1"])) + 1)
            self.forms.append(RuleForm(None, rule=None, offer=offer, place=free, redraw=True))

    def is_valid(self) -> bool:
        judged = [form.is_valid() for form in self.forms]  # every one, so that all faults are told
        return all(judged)

    @property
    def troubled(self) -> bool:
        return any(form.errors for form in self.forms)

    def chosen(self) -> tuple[SubscriptionRule, ...]:
        return tuple(form.rule() for form in self.forms)

    def tell(self, code: str, params: Mapping[str, str], text: str) -> bool:
        """Put a fault beside the rule it is about; False when it is about none of them."""
        about = [form for form in self.forms if form.is_bound and _is_about(form.rule(), params)]
        for form in about[:1]:
            name = CONTROLS.get(code)
            form.add_error(name if name in form.fields else None, text)
        return bool(about)


CONTROLS = {  # the control of a rule a fault is about
    "contact_column_missing": "contact",
    "subscription_column_unknown": "contact",
    "provider_missing": "provider",
    "channel_unknown": "target",
}


def _places(given: Any) -> list[str]:
    found = given.getlist("rules") if hasattr(given, "getlist") else given.get("rules", [])
    gone = given.get("remove_rule", "")
    well = [one for one in dict.fromkeys(found) if one.isascii() and one.isdigit() and len(one) < 4]
    return [one for one in well if one != gone][:50]


def _is_about(rule: SubscriptionRule, params: Mapping[str, str]) -> bool:
    return rule.channel == params.get("channel") and str(rule.resource_id) == params.get("resource")
