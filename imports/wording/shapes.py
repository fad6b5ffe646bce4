"""Files that are unlike the last ones, and presets."""

from django.utils.translation import gettext_noop as N_

SHAPES: dict[str, tuple[str, str]] = {
    "shape_rows": (N_("Usually %(low)s to %(high)s rows, now %(now)s."), ""),
    "shape_rows_once": (N_("The last time %(low)s rows, now %(now)s."), ""),
    "shape_filled": (N_("Column “%(header)s”: usually %(low)s to %(high)s filled, now %(now)s."), ""),
    "shape_filled_once": (N_("Column “%(header)s”: usually %(low)s filled, now %(now)s."), ""),
    "shape_wrong": (N_("Column “%(header)s”: usually %(low)s to %(high)s wrong values, now %(now)s."), ""),
    "shape_wrong_once": (N_("Column “%(header)s”: usually %(low)s wrong values, now %(now)s."), ""),
    "shape_asks": (
        N_("This file is unlike the last ones of its preset, and the preset asks to look first."),
        N_("Read what differs on the Check step, confirm it there, and send."),
    ),
    "preset_name_missing": (N_("The preset has no name."), N_("Write one, such as “Monthly letter”.")),
    "preset_name_taken": (N_("You have a preset “%(name)s” already."), N_("Choose another name, or update that one.")),
    "preset_not_yours": (
        N_("This preset belongs to %(owner)s."),
        N_("Save your choices as a preset of your own."),
    ),
    "preset_unknown": (N_("There is no preset “%(name)s”."), N_("Look at the list of presets.")),
    "preset_needs_choices": (N_("Nothing is chosen yet that a preset could keep."), N_("Match the columns first.")),
    "draft_too_large": (N_("There is more on this page than a draft can keep."), N_("Shorten the texts.")),
    "draft_elsewhere": (
        N_("These columns were changed in another window at %(time)s by %(name)s."),
        N_("Reload the page to go on from there, or save what you see here in its place."),
    ),
    "values_not_for_kind": (
        N_("Column “%(header)s”: single words can only be given a meaning where the field takes a list of them."),
        N_("Choose what wrong values do for the whole column."),
    ),
}
