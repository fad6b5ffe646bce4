"""The state of the system in words: what is looked at, how it is, and what to do when it is not well."""

from collections.abc import Mapping
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

NAMES = {
    "database": N_("Database"),
    "clock": N_("Clocks"),
    "queue": N_("Queue (Redis)"),
    "bells": N_("Bells in the queue"),
    "storage": N_("Storage of files"),
    "mail": N_("Letters"),
    "send": N_("Workers that send"),
    "check": N_("Workers that read and check"),
    "beat": N_("Scheduler"),
    "sweep": N_("Last sweep"),
    "work": N_("Work that moves"),
    "people": N_("Work that waits for people"),
    "spool": N_("Answers kept on this machine"),
    "verified": N_("History verified"),
    "head": N_("History kept outside"),
    "purge": N_("Data to be destroyed"),
    "keys": N_("Keys (FIELD_KEYS)"),
    "version": N_("Version"),
}
LIGHTS = {"well": N_("Well"), "look": N_("Look"), "bad": N_("Not well"), "unknown": N_("Unknown")}

SAID = {
    "not_found_out": N_("This could not be found out just now (%(kind)s)."),
    "database": N_("%(vendor)s answers; %(bytes)s."),
    "one_machine": N_("One machine, one clock."),
    "clocks": N_("This machine and the database are %(seconds)s s apart."),
    "queue": N_("Redis takes messages."),
    "queue_silent": N_("Redis does not answer."),
    "queue_full": N_("Redis is full."),
    "queue_locked": N_("Redis refuses our password."),
    "queue_loading": N_("Redis is still starting."),
    "queue_silent_so": N_("The queue cannot be asked."),
    "bells_none": N_("None: everything rung for has been heard."),
    "bells": N_("To check: %(check)s, to send: %(send)s; the oldest has waited for %(age)s."),
    "storage": N_("It can be used."),
    "storage_room": N_("It can be used; %(bytes)s are free (%(percent)s %%)."),
    "storage_away": N_("It does not answer."),
    "storage_refuses": N_("It refuses our keys, or has no such bucket."),
    "storage_full": N_("The disk is full."),
    "mail_not_set": N_("No mail server is set, so nobody gets letters."),
    "mail_failed": N_("In the last seven days %(failed)s failed and %(sent)s went out; %(late)s wait for too long."),
    "mail": N_("%(sent)s went out in the last seven days, none failed."),
    "mail_untried": N_("A mail server is set; no letter went out in the last seven days."),
    "send": N_("Processes: %(alive)s; the last sign of life is %(age)s old."),
    "send_gone": N_("None is alive; the last sign of life is %(age)s old."),
    "send_never": N_("None has ever been heard."),
    "check": N_("Processes: %(alive)s; the last sign of life is %(age)s old."),
    "check_gone": N_("None is alive; the last sign of life is %(age)s old."),
    "check_never": N_("None has ever been heard."),
    "beat": N_("Processes: %(alive)s; the last sign of life is %(age)s old."),
    "beat_gone": N_("None is alive; the last sign of life is %(age)s old."),
    "beat_never": N_("None has ever been heard."),
    "sweep": N_("%(age)s ago."),
    "sweep_runs": N_("Begun %(age)s ago, not ended yet."),
    "sweep_never": N_("There has been none."),
    "work_none": N_("Nothing is to be done."),
    "work": N_("Imports: %(count)s. The one that stands still longest, number %(job)s, moved %(age)s ago."),
    "work_stopped": N_("Imports: %(count)s. All sending is stopped by a person."),
    "people_none": N_("Nothing waits for a person."),
    "people": N_("Imports: %(count)s; batches with unknown outcome: %(unknown)s."),
    "spool_none": N_("None."),
    "spool": N_("%(count)s wait to be written into the database."),
    "verified_never": N_("It has never been recomputed."),
    "verified": N_("Events recomputed: %(events)s, all as they were written."),
    "verified_broken": N_("It is NOT as it was written, first seen at event %(number)s."),
    "head_not_asked": N_("The storage cannot be asked."),
    "head_nothing": N_("Nothing has happened yet."),
    "head_never": N_("No head has ever been kept outside."),
    "head": N_("Up to event %(number)s; newer events: %(behind)s."),
    "purge": N_("Imports whose rows and files go within a week: %(soon)s."),
    "purge_late": N_("Go within a week: %(soon)s. Overdue, because somebody has to decide first: %(late)s."),
    "keys": N_("One key: %(names)s. It opens what it must."),
    "keys_two": N_("Keys: %(names)s. The first one seals; the others only open."),
    "version": N_("Commit %(commit)s."),
    "version_unknown": N_("The code here lies in no repository."),
    "keys_do_not_open": N_("Some of what is sealed is opened by none of %(names)s."),
}

DO = {
    "not_found_out": N_("Look into the log of this process."),
    "clocks": N_("Keep the clocks of all hosts together (NTP)."),
    "queue_silent": N_("Start Redis, or correct REDIS_URL. Nothing is lost: the sweep finds the work meanwhile."),
    "queue_full": N_("Give Redis more memory; maxmemory-policy must be noeviction."),
    "queue_locked": N_("Put the right password into REDIS_URL and start every process anew."),
    "queue_loading": N_("Wait a moment: it loads what it kept."),
    "queue_silent_so": N_("See the line above."),
    "bells": N_("Are there enough workers? The lines about them tell."),
    "storage_room": N_("Give the disk more room before uploads fail."),
    "storage_away": N_("Look at the storage and the network. Work waits and goes on by itself."),
    "storage_refuses": N_("Correct STORAGE_URL: keys and bucket."),
    "storage_full": N_("Free some room: nothing can be uploaded or checked until then."),
    "mail_not_set": N_("Set EMAIL_URL if people are to get letters."),
    "mail_failed": N_("Look at the mail server and at the addresses of people."),
    "mail_untried": N_("It is known to work once a letter went out."),
    "send_gone": N_("Start one: celery -A dashboard.celery worker -Q send -P threads -c 16"),
    "send_never": N_("Start one: celery -A dashboard.celery worker -Q send -P threads -c 16"),
    "check_gone": N_("Start one: celery -A dashboard.celery worker -Q check -P prefork -c 2"),
    "check_never": N_("Start one: celery -A dashboard.celery worker -Q check -P prefork -c 2"),
    "beat_gone": N_("Start one: celery -A dashboard.celery beat. Only the daily verification needs it."),
    "beat_never": N_("Start one: celery -A dashboard.celery beat. Only the daily verification needs it."),
    "sweep": N_("A sending worker sweeps by itself: start one, or run manage.py reconcile."),
    "sweep_runs": N_("It waits for something: storage, or a lock in the database. The log tells."),
    "sweep_never": N_("A sending worker sweeps by itself: start one, or run manage.py reconcile."),
    "work": N_("Open the import: its page says why it waits. Then look at the workers."),
    "work_stopped": N_("Let sending go on when the reason is gone."),
    "people": N_("Remind whoever owns them; each import's page offers the decisions."),
    "spool": N_("They are written at the next sweep of this machine. Keep its disk."),
    "verified": N_("Run manage.py verify_history, and see that the scheduler lives: it does so daily."),
    "verified_never": N_("Run manage.py verify_history."),
    "verified_broken": N_("Run manage.py verify_history for what is wrong, and compare with a backup."),
    "head_not_asked": N_("See the line about the storage."),
    "head_never": N_("A sweep keeps one; see that sending workers live."),
    "head": N_("A sweep keeps one every five minutes; see that sending workers live and the storage answers."),
    "purge_late": N_("Open these imports and decide; then they go by themselves."),
    "keys_two": N_("Run manage.py rotate_keys; when it says that nothing is left, take the old key away."),
    "keys_do_not_open": N_("Put the missing key back into FIELD_KEYS, behind the first one."),
}  # fmt: skip


def name_text(name: str) -> str:
    return _(NAMES[name])


def light_text(light: str) -> str:
    return _(LIGHTS[light])


def said_text(code: str, params: Mapping[str, Any]) -> str:
    """How it is, in one sentence."""
    shown = dict(params)
    if "bytes" in shown:
        shown["bytes"] = filesizeformat(shown["bytes"])
    if "seconds" in shown:
        shown["age"] = age_text(shown["seconds"])
    return _(SAID[code]) % shown


def age_text(seconds: float) -> str:
    """Roughly, in one unit."""
    units = [(172_800, 86_400, N_("%(n)s d")), (7_200, 3_600, N_("%(n)s h")), (120, 60, N_("%(n)s min"))]
    for least, size, text in units:
        if seconds >= least:
            return _(text) % {"n": int(seconds // size)}
    return _("%(n)s s") % {"n": int(seconds)}


def do_text(light: str, code: str) -> str:
    """What to do; "" where it is well."""
    return _(DO[code]) if light != "well" and code in DO else ""
