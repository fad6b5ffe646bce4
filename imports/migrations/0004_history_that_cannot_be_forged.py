"""Events get digests and links, those written before too, in the order of their numbers; then the database guards them."""

from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from imports.chain import START, digest_of, guards, hash_of, unguards

AT_A_TIME = 2_000
FIELDS = ("at", "verb", "actor_id", "actor_name", "job_id", "object_text", "details")


def chain_what_is_there(apps: Any, editor: Any) -> None:
    event_model, link_model = apps.get_model("imports", "HistoryEvent"), apps.get_model("imports", "HistoryLink")
    number, before, last = 0, START, 0
    while events := list(event_model.objects.filter(pk__gt=last).order_by("pk")[:AT_A_TIME]):
        links = []
        for event in events:
            event.digest = digest_of(*(getattr(event, name) for name in FIELDS))
            number, before = number + 1, hash_of(before, number + 1, event.pk, event.digest)
            links.append(link_model(number=number, event_id=event.pk, hash=before))
        event_model.objects.bulk_update(events, ["digest"], batch_size=200)
        link_model.objects.bulk_create(links)
        last = events[-1].pk


def guard(apps: Any, editor: Any) -> None:
    for statement in guards(editor.connection.vendor):
        editor.execute(statement, params=None)


def unguard(apps: Any, editor: Any) -> None:
    for statement in unguards(editor.connection.vendor):
        editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("imports", "0003_a_million_rows_and_screens")]

    operations = [
        migrations.AddField(
            "historyevent", "digest", models.CharField(default="", editable=False, max_length=64)
        ),
        migrations.AlterField(
            "historyevent", "at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)
        ),
        migrations.CreateModel(
            "HistoryLink",
            [
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("hash", models.CharField(max_length=64)),
                (
                    "event",
                    models.OneToOneField(
                        "imports.historyevent",
                        django.db.models.deletion.DO_NOTHING,
                        db_constraint=False,
                        related_name="link",
                    ),
                ),
            ],
        ),
        migrations.RunPython(chain_what_is_there, migrations.RunPython.noop),
        migrations.AddConstraint(
            "historyevent",
            models.CheckConstraint(condition=models.Q(("digest", ""), _negated=True), name="event_has_its_digest"),
        ),
        migrations.RunPython(guard, unguard),
    ]
