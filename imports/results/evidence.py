"""What people found when they looked profiles of a batch up, opened from its sealed form."""

from typing import Any

import orjson

from imports.models import Evidence, ImportJob


def found_by(job: ImportJob, evidence: Evidence) -> list[dict[str, Any]]:
    """Each profile looked up: `row`, `verdict` ("found", "missing", "unclear"), and for one that was found its
    `profile_id`, when it was `created` (Unix seconds or None), how many values are the `same` and which `differs`."""
    if not evidence.sealed:  # a person was erased from the import since
        return []
    found: list[dict[str, Any]] = orjson.loads(job.vault.unseal(bytes(evidence.sealed), evidence.sealed_name))
    return found
