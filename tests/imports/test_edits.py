"""Whoever had a hand in what would be sent cannot approve it: so every verb of such a hand is among EDITS.

A module of imports.actions whose functions change an input of the plan, or void what was approved because of an edit,
has only verbs here that are edits, or that are named below with the reason why they are none.
"""

import ast
from functools import cache
from pathlib import Path

import pytest

from imports.actions.approving import EDITS

ACTIONS = Path(__file__).parents[2] / "imports" / "actions"
INPUTS = {"read_options", "mapping_plain", "destination_plain", "date_orders", "skip_sent", "sealed_corrections"}
INPUTS |= {"gathers", "sealed_cells"}
VOIDING = {"void_approval", "begin_again"}
NO_EDITS = {
    "approval_void": "tells that somebody else's edit made it void",
    "check_begun": "looks at what is there once more",
    "job_cancelled": "nothing is sent any more",
    "job_purged": "nothing is left that could be sent",
    "sending_started": "sends what was approved",
    "database_restored": "voids what was agreed, and chooses nothing",
    "erasure_asked": "only takes a person's rows out, wherever they stand",
    "preset_saved": "keeps choices for other imports",
    "preset_updated": "keeps choices for other imports",
    "preset_changed": "is about a preset and no import",
    "preset_deleted": "is about a preset and no import",
}


def touches_the_plan(tree: ast.AST) -> bool:
    """Whether something is called that voids an approval, or an input of the plan is written: by keyword, by key of a
    dictionary, by assignment."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in VOIDING:
            return True
        if isinstance(node, ast.keyword) and node.arg in INPUTS:
            return True
        if isinstance(node, ast.Dict) and any(getattr(key, "value", None) in INPUTS for key in node.keys):
            return True
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and node.attr in INPUTS:
            return True
    return False


def verbs_of_people(tree: ast.AST) -> set[str]:
    """Every verb that is recorded here for a person and an import."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "record" and _has_by(node):
            found |= {one.value for one in ast.walk(node.args[0]) if isinstance(one, ast.Constant) and one.value}
    return found


def _has_by(call: ast.Call) -> bool:
    return bool(call.args) and "by" in {one.arg for one in call.keywords}


@cache
def suspects() -> dict[str, set[str]]:
    """By module, the verbs that may be edits."""
    trees = {path.stem: ast.parse(path.read_text()) for path in ACTIONS.rglob("*.py") if path.stem != "__init__"}
    return {name: verbs for name, tree in trees.items() if touches_the_plan(tree) and (verbs := verbs_of_people(tree))}


@pytest.mark.parametrize("name", sorted(suspects()))
def test_whoever_changes_what_would_be_sent_is_an_editor(name: str) -> None:
    assert suspects()[name] - set(EDITS) - set(NO_EDITS) == set()


def test_the_rule_finds_every_edit_there_is() -> None:
    """Else it looks in the wrong places."""
    assert set(EDITS) <= set().union(*suspects().values())
    assert set(NO_EDITS) <= set().union(*suspects().values())


def test_a_new_edit_is_noticed() -> None:
    new = ast.parse("def turn(job, by):\n    begin_again(job, {}, by=by)\n    record('rows_turned', by=by, job=job)\n")

    assert touches_the_plan(new) and verbs_of_people(new) - set(EDITS) - set(NO_EDITS) == {"rows_turned"}
