"""--preset NAME: the choices of a saved preset, for the command line."""

from django.core.management.base import CommandError, CommandParser

from imports import actions
from imports.destination import Destination
from imports.mapping import ColumnTarget
from imports.models import ImportJob, Preset
from imports.wording import what

REFUSED = 1


def add_preset_arguments(parser: CommandParser) -> None:
    parser.add_argument(
        "--preset",
        default="",
        metavar="NAME",
        help="account, destination and columns of a saved preset (or #NUMBER where several have the name); "
        "--map and the choices for columns go over it",
    )
    parser.add_argument(
        "--shape-seen", action="store_true", help="send although the preset asks to look at a file unlike the last ones"
    )


def preset_named(name: str) -> Preset:
    """The preset of this name, or number as "#3". Raise CommandError for none or several."""
    number = name[1:] if name.startswith("#") and name[1:].isdecimal() else ""
    found = list(Preset.objects.filter(pk=int(number)) if number else Preset.objects.filter(name=name))
    if len(found) == 1:
        return found[0]
    if not found:
        raise CommandError(what("preset_unknown", {"name": name}), returncode=REFUSED)
    told = ", ".join(f"#{one.pk} ({one.owner_name or 'a command'})" for one in found)
    raise CommandError(f"Several presets are called {name!r}; name one by its number: {told}.", returncode=REFUSED)


def put_on(job: ImportJob, preset: Preset) -> tuple[Destination, dict[int, ColumnTarget]]:
    """The destination and the columns of the preset for this job. Raise CommandError for columns that are missing."""
    actions.choose_preset(job, preset, by=None)
    job.refresh_from_db()
    found = actions.fitted(job)
    assert found is not None
    if found.fit.missing:
        names = ", ".join(repr(preset.headers[place]) for place in found.fit.missing)
        raise CommandError(f"The file has no column {names} of the preset {preset.name!r}.", returncode=REFUSED)
    return found.destination, {target.column: target for target in found.mapping.targets}
