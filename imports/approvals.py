"""When a second person has to look before anything is sent, and what exactly that person has agreed to.

Four policies of an account, each asking for more than the one before: "never"; "unsafe", for imports that no machine
may repeat; "above:N", for those and for more than N profiles; "always". The digest is the sha256 over everything that
decides what is sent: one other profile, option, batch, address or token gives another one.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

NEVER, UNSAFE, ABOVE, ALWAYS = "never", "unsafe", "above", "always"


def asks_second(policy: str, *, rows: int, unsafe: bool) -> bool:
    """Whether an import of so many profiles needs a second person by this policy. Of a policy nobody knows: yes."""
    name, _, most = policy.partition(":")
    if name == NEVER or not rows:
        return False
    if name == UNSAFE:
        return unsafe
    return unsafe or rows > int(most) if name == ABOVE and most.isdecimal() else True


class PlanHash:
    """The hash of the batches as they are cut, so that a plan of a million single requests is gone through once."""

    def __init__(self) -> None:
        self._sha256 = hashlib.sha256()

    def seen(self, batches: Iterator[Any]) -> Iterator[Any]:
        """Hand the batches on."""
        for one in batches:
            cut = (one.first_row, one.last_row, one.start, one.stop, one.body_bytes)
            self._sha256.update(b"%d %d %d %d %d\n" % cut)
            yield one

    def hexdigest(self) -> str:
        return self._sha256.hexdigest()


def digest_of(told: Mapping[str, Any]) -> str:
    """64 hexadecimal digits of plain values, whatever order their names come in."""
    text = json.dumps(told, ensure_ascii=True, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def bound_to(digest: str, account: Mapping[str, Any]) -> str:
    """The digest of the same plan for an account that has another address or token now."""
    return digest_of({"plan": digest, "account": account})
