"""The account: its catalogue, its people, and what was done to whom how often."""

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from .catalogue import Catalogue
from .deliveries import Delivery, RequestMemory
from .demo import demo_catalogue
from .errors import CallRefused, RowError
from .importing import Intake, Row
from .people import People, Profile, ids_of
from .settings import Settings

DEFAULT_TOKEN = "sandbox-token"  # noqa: S105 - printed on the start page; it opens nothing but invented people
_MACHINE = "5a4d62cc09"  # the five bytes of a MongoDB id that tell machines apart


class Platform:
    """Everything the calls work on. Public methods may be called from any thread, tests included."""

    def __init__(
        self,
        token: str = DEFAULT_TOKEN,
        catalogue: Catalogue | None = None,
        settings: Settings | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.token = token
        self.catalogue = catalogue or demo_catalogue()
        self.settings = settings or Settings()
        self.clock = clock
        self.lock = threading.RLock()
        self.memory = RequestMemory(clock)
        self.most_at_once = 0
        self._at_once = 0
        self.changed: set[str] | None = None  # ids to be written to the state file; None: nobody keeps one
        self.generation = 0
        self.forget()

    def forget(self) -> None:
        """An account without people, and a log without deliveries."""
        with self.lock:
            self.generation += 1
            self._serial = 0
            self._second = f"{int(self.clock()):08x}"
            self.people = {number: People(info) for number, info in self.catalogue.databases.items()}
            self.deliveries: list[Delivery] = []
            self.applied: dict[str, int] = {}
            self.triggered: dict[str, int] = {}
            self.started: dict[int, dict[str, int]] = {number: {} for number in self.catalogue.scenarios}
            self.tasks: dict[str, dict[str, Any]] = {}
            for segment in self.catalogue.segments.values():
                segment.members.clear()
        self.memory.clear()

    # --- taking profiles in ---

    def new_id(self) -> str:
        """24 hex digits laid out as MongoDB does: seconds, machine, serial number."""
        self._serial += 1
        return f"{self._second}{_MACHINE}{self._serial & 0xFFFFFF:06x}"

    def ids_go_on_after(self, profile_id: str) -> None:
        """No id made from now on has a serial number up to this one's."""
        self._serial = max(self._serial, int(profile_id[18:], 16))

    def take(
        self,
        intake: Intake,
        profiles: Iterable[Any],
        *,
        asked: Profile | None = None,
        runs_triggers: bool,
        scenario_id: int | None = None,
        refuse_row: Callable[[int], RowError | None] | None = None,
    ) -> list[Row]:
        """What became of each profile, in order. `refuse_row` is asked first, with the place of the profile."""
        with self.lock:
            self._second = f"{int(self.clock()):08x}"  # all new ids of one call share it
            if refuse_row is None:
                rows = [intake.take(profile, asked) for profile in profiles]
            else:
                rows = [refuse_row(place) or intake.take(profile, asked) for place, profile in enumerate(profiles)]
            taken = [row for row in rows if type(row) is str]
            _count(self.applied, taken)
            if runs_triggers:
                _count(self.triggered, taken)
            if scenario_id is not None:
                _count(self.started[scenario_id], taken)
            if self.changed is not None:
                self.changed.update(taken)
        return rows

    def people_of(self, database_id: Any) -> People:
        """Raises CallRefused where there is no such database."""
        if type(database_id) is not int:
            raise CallRefused("request", "db_id: int expected")
        if database_id not in self.people:
            raise CallRefused("no_database")
        return self.people[database_id]

    # --- what a test asks afterwards ---

    def find(self, key: str, field: str = "") -> list[str]:
        """Ids of all profiles, of any database, with this id, email or phone; or with this value of `field`."""
        with self.lock:
            return [found for people in self.people.values() for found in _found(people, key, field)]

    def profile(self, key: str, field: str = "") -> Profile:
        """The one profile that `find` finds, as kept. Raises LookupError for none or several."""
        found = self.find(key, field)
        if len(found) != 1:
            raise LookupError(f"{len(found)} profiles found")
        with self.lock:
            return next(people.get(found[0]) for people in self.people.values() if found[0] in people.texts)

    def times_applied(self, key: str, field: str = "") -> int:
        """How often profiles found by `key` were created or changed by a call."""
        return sum(self.applied.get(found, 0) for found in self.find(key, field))

    def times_triggered(self, key: str, field: str = "") -> int:
        """How often triggers ran for the profiles: once per change made with skip_triggers false."""
        return sum(self.triggered.get(found, 0) for found in self.find(key, field))

    def times_started(self, scenario_id: int, key: str, field: str = "") -> int:
        """How often the profiles were put into the scenario."""
        return sum(self.started[scenario_id].get(found, 0) for found in self.find(key, field))

    # --- the log ---

    def call_begins(self) -> None:
        with self.lock:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)

    def call_ends(self) -> None:
        with self.lock:
            self._at_once -= 1


def _count(counts: dict[str, int], taken: list[str]) -> None:
    for profile_id in taken:
        counts[profile_id] = counts.get(profile_id, 0) + 1


def _found(people: People, key: str, field: str) -> Iterable[str]:
    if field:
        return ids_of(people.field_index(field).get(people.field_key(field, key), ())) if field in people.checks else ()
    if key in people.texts:
        return (key,)
    return ids_of(people.by_email.get(key.lower(), people.by_phone.get(key, ())))
