"""What templates/gallery.html, the developers' page of parts, is filled with: `TemplateView` with `extra_context`.

Every person here is invented.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms

from dashboard.badges import BATCH_STATES, JOB_STATES, OUTCOMES
from dashboard.presenting.charts import chart_of, line_of
from dashboard.widgets import ChoiceCards
from imports.results import Span

OPERATIONS = {"import": "Add and update", "update": "Update only", "scenario": "Add and start a scenario"}
NOTES = {
    "import": "New people are added, known ones updated",
    "update": "People not found are rejected",
    "scenario": "Sends messages: cannot be repeated safely",
}


class GalleryForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Name of the preset", help_text="Others in your team see it.", max_length=60)
    address = forms.EmailField(label="E-mail for the result", required=False)
    database = forms.ChoiceField(label="Profile database", choices=[("7", "Customers (7)"), ("12", "Members (12)")])
    operation = forms.ChoiceField(
        label="What to do with the profiles", choices=list(OPERATIONS.items()), widget=ChoiceCards(notes=NOTES)
    )
    reason = forms.CharField(label="Why", widget=forms.Textarea({"rows": 2}), help_text="Goes into the history.")
    careful = forms.BooleanField(label="Send 20 profiles first", required=False, help_text="Then look and go on.")


CLOSED = {"rows": 20412, "accepted": 18650, "rejected": 1176, "invalid": 402, "set_aside": 137, "unknown": 47}
OPEN = {"rows": 48200, "accepted": 27622, "rejected": 398, "invalid": 310, "set_aside": 1124, "pending": 18746}
CHECKED = {"rows": 12640, "invalid": 141, "set_aside": 81, "pending": 12418}
STOPPED = {"rows": 10120, "accepted": 2400, "invalid": 120, "not_sent": 7600}
BROKEN = {"rows": 500, "accepted": 498}
BEGUN = datetime(2026, 11, 22, 13, 21, 7, tzinfo=UTC)

SPANS = [
    Span(datetime(2026, 11, 22, 16, 29, tzinfo=UTC) + timedelta(seconds=20 * place), 20, accepted, rejected)
    for place, (accepted, rejected) in enumerate([(900, 20), (1400, 60), (1380, 310), (0, 0), (1250, 40), (1420, 35)])
]
SAMPLE: dict[str, Any] = {
    "form": GalleryForm(),
    "wrong_form": GalleryForm({"name": "", "address": "nobody", "operation": "import"}, auto_id="wrong_%s"),
    "outcomes": list(OUTCOMES),
    "job_states": list(JOB_STATES),
    "batch_states": list(BATCH_STATES),
    "closed": CLOSED,
    "open": OPEN,
    "before": CHECKED,
    "broken": BROKEN,
    "pace": chart_of(SPANS),
    "trend": line_of("1011", 96, [4, 0, 11, 19, 8, 27, 14, 9, 4], 27),
    "batches": ["answered"] * 7
    + ["answered_partly", "answered", "answered", "unknown", "refused"]
    + ["answered"] * 9
    + ["split", "held", "sending", "sending"]
    + ["ready"] * 15
    + ["cancelled"] * 2,
    "imports": [
        ("spring-members-2026.csv", "Anna Kravtsova", BEGUN, OPEN, "sending"),
        ("Подписчики осень 2026.xlsx", "Boris Linden", BEGUN - timedelta(hours=3), CLOSED, "needs_decision"),
        ("returns-q3-contacts-with-a-rather-long-name (2).csv", "Anna Kravtsova", BEGUN, STOPPED, "cancelled"),
        ("press-list.xlsx", "Anna Kravtsova", BEGUN - timedelta(days=2), {"rows": 800, "accepted": 800}, "done"),
    ],
    "rows": [(41, "kamila@example.ru", "Kamila", "+7 900 000-00-90"), (103, "daria@example.com", "Daria", "14.03.27")],
    "events": [
        {"title": "Anna Kravtsova uploaded the file", "at": BEGUN, "icon": "upload", "text": "612 KB, 4,678 rows"},
        {"title": "Check finished", "at": BEGUN, "icon": "check", "hue": "aside", "text": "12 set aside as duplicates"},
        {"title": "Sent 10 batches", "at": BEGUN, "icon": "send", "hue": "accepted", "text": "9 answered"},
        {
            "title": "Batch 8: no answer",
            "when": "17:06:31",
            "icon": "unknown",
            "hue": "unknown",
            "text": "500 profiles, unsafe to repeat.",
            "url": "#dialog",
            "url_text": "Open the decision",
        },
    ],
    "todo": [
        {
            "hue": "unknown",
            "icon": "unknown",
            "title": "47 profiles: no answer from Altcraft",
            "text": "Подписчики осень 2026.xlsx, batch 42. Waits for 1 h 12 min",
            "url": "#todo",
            "action": "Decide",
        },
        {
            "hue": "accepted",
            "icon": "check",
            "title": "The check is over: 8,214 profiles can be sent",
            "text": "black-friday-vip.csv, 36 rows failed the check",
            "url": "#todo",
            "action": "Look",
        },
    ],
    "problems": [
        {
            "count": 846,
            "title": "Altcraft did not take the phone",
            "text": "The number begins with 8 and a town code, the platform waits for +7.",
            "values": ["8 900 •••-••-90"],
            "code": "1011 Incorrect phone",
            "rows": [(41, "#row"), (77, "#row"), (118, "#row")],
            "more": 843,
            "actions": [{"text": "Fix and send again", "url": "#fix", "post": True}, {"text": "Rows", "url": "#rows"}],
        },
        {"count": 1, "title": "On the stop list", "text": "This person asked not to be written to.", "values": []},
    ],
    "code": '{"error": 1011, "error_text": "Incorrect phone", "profile_id": ""}',
    "upload_limit": 512 * 1024 * 1024,
}
