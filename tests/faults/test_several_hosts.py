"""Three hosts that share PostgreSQL, Redis and a storage, and nothing else; one dies in the middle of its calls."""

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.faults.hosts import Host
from tests.faults.house import House
from tests.faults.judge import PLANTED, judged
from tests.s3 import s3_server

pytestmark = [pytest.mark.postgres, pytest.mark.redis]
ROWS, PER_REQUEST = 120, 4


@pytest.fixture
def house() -> Iterator[House]:
    """An installation whose files lie in S3. Its own process stands for the page: it uploads and presses Send."""
    with s3_server() as storage, House(environ={"STORAGE_URL": storage.url}) as found:
        yield found


@pytest.fixture
def hosts(house: House) -> Iterator[list[Host]]:
    found = [Host(house, f"host{number}") for number in (1, 2, 3)]
    for host in found:
        host.checks()
        host.sends()
    found[0].beats()
    for host in found:
        host.until_ready()
    yield found
    for host in found:
        host.kill()


def checked_job(house: House, account: int, *, unsafe: bool) -> int:
    """Uploaded at the page; read and checked by whichever host took it."""
    job: int = house.ask("tests.faults.hosts:upload", rows=ROWS)
    house.until(lambda: house.state(job) == "read", "a host reads it", sweeping=False)
    house.ask("tests.faults.hosts:check", job=job, account=account, unsafe=unsafe)
    house.until(lambda: house.state(job) == "checked", "the hosts check it", sweeping=False)
    return job


def on_wire(house: House, host: Host) -> set[int]:
    """The jobs of which this host has calls on the wire."""
    query = (
        "SELECT b.job_id FROM imports_attempt a JOIN imports_batch b ON b.id = a.batch_id"
        " WHERE a.state = 'on_wire' AND a.worker LIKE %s"
    )
    return {job for (job,) in house.sql(query, f"{host.worker}%")}


@pytest.mark.fault(72)
def test_a_host_that_dies_in_mid_send_loses_and_doubles_nobody(house: House, hosts: list[Host]) -> None:
    safe_account, unsafe_account = (
        house.account(name, profiles_per_request=PER_REQUEST, parallel=4, deadline_seconds=10) for name in ("S", "X")
    )
    safe = checked_job(house, safe_account, unsafe=False)
    unsafe = checked_job(house, unsafe_account, unsafe=True)
    house.platform.fault(latency=0.5)

    for job in (safe, unsafe):
        house.ask("send_job", job=job)
    dying = house.until(
        lambda: next((host for host in hosts[1:] if on_wire(house, host) == {safe, unsafe}), None),
        "a host that has no beat has calls of both on the wire",
        sweeping=False,
    )
    dying.kill()
    house.platform.heal()
    house.until_quiet(sweeping=False)

    sums = {job: house.totals(job) for job in (safe, unsafe)}
    assert (house.state(safe), sums[safe]["accepted"]) == ("done", ROWS)
    assert (house.state(unsafe), sums[unsafe]["unknown"] > 0) == ("needs_decision", True)
    assert sums[unsafe]["accepted"] + sums[unsafe]["unknown"] == ROWS
    assert sums[unsafe]["closes"]
    assert judged(house) == []
    worked = Counter(worker.split("-")[0] for (worker,) in house.sql("SELECT worker FROM imports_attempt"))
    assert sum(worked.values()) >= 2 * ROWS // PER_REQUEST
    assert set(worked) <= {"host1", "host2", "host3"} or len(worked) == 1  # they share a name without namespaces
    a_download_is_prepared_by_a_host(house, safe)
    everything_is_shared(house, hosts)


def a_download_is_prepared_by_a_host(house: House, job: int) -> None:
    house.ask("tests.faults.hosts:have_prepared", job=job)
    found = house.until(
        lambda: house.ask("tests.faults.hosts:prepared", job=job), "a host prepares the download", sweeping=False
    )
    assert (found["rows"], found["size"], found["begins"]) == (ROWS, found["length"], "PK")


def everything_is_shared(house: House, hosts: list[Host]) -> None:
    """No host kept a file of the import for itself, and what lies in the storage is sealed."""
    for folder in (house.folder, *(host.folder for host in hosts)):
        kept = [path for name in ("files", "spool") for path in (folder / name).rglob("*") if path.is_file()]
        assert kept == []
    names = house.ask("tests.faults.hosts:objects")
    assert any(name.endswith("/source") for name in names)
    assert any("/table/" in name for name in names)
    for name in names:
        assert PLANTED.decode() not in house.ask("tests.faults.hosts:content", name=name).lower()
