"""The services that the faults are made with do what they promise: a fault that does not happen proves nothing."""

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests.faults.services import PrivatePostgres, PrivateRedis, TcpProxy, small_disk, wait_until


@pytest.fixture
def broker() -> Iterator[PrivateRedis]:
    server = PrivateRedis()
    yield server
    server.remove()


@pytest.mark.redis
def test_a_killed_redis_forgets_and_one_with_aof_remembers(broker: PrivateRedis) -> None:
    keeping = PrivateRedis(aof=True, appendfsync="always")
    try:
        for server in (broker, keeping):
            with server.client() as client:
                client.set("bell", "1")
            server.restart()
        with broker.client() as client:
            assert client.get("bell") is None
        with keeping.client() as client:
            assert client.get("bell") == "1"
    finally:
        keeping.remove()


@pytest.mark.redis
def test_redis_can_be_full_locked_loading_and_frozen(broker: PrivateRedis) -> None:
    address = f"redis://127.0.0.1:{broker.port}/0"
    with redis.Redis.from_url(address, retry=Retry(NoBackoff(), 0)) as stranger:
        broker.fill()
        with pytest.raises(redis.OutOfMemoryError):
            stranger.set("bell", "1")
        broker.make_room()
        broker.lock_with("secret")
        with pytest.raises(redis.RedisError, match="uthentica|closed"):
            stranger.set("bell", "1")
        broker.unlock()
        with broker.loading(), broker.client() as somebody, pytest.raises(redis.BusyLoadingError):
            somebody.set("bell", "1")
        assert stranger.set("bell", "1")
    with redis.Redis.from_url(address, socket_timeout=0.2, retry=Retry(NoBackoff(), 0)) as hasty:
        broker.freeze()
        with pytest.raises(redis.TimeoutError):
            hasty.set("bell", "1")
        broker.thaw()


@pytest.mark.postgres
def test_postgres_keeps_what_was_committed_through_a_crash() -> None:
    server = PrivatePostgres()
    try:
        url = server.make_database("one")
        with psycopg.connect(url) as kept:
            kept.execute("CREATE TABLE bells (number int)")
        open_one = psycopg.connect(url)
        open_one.execute("INSERT INTO bells VALUES (1)")
        assert server.sessions("one", state="idle in transaction")
        server.restart()
        with pytest.raises(psycopg.OperationalError):
            open_one.execute("SELECT 1")
        with psycopg.connect(url) as after:
            assert after.execute("SELECT count(*) FROM bells").fetchone() == (0,)
            assert server.throw_out("one") == 1
            with pytest.raises(psycopg.OperationalError):
                after.execute("SELECT 1")
        server.stop()
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(url)
    finally:
        server.remove()
    assert not server.folder.exists()


@pytest.mark.redis
def test_services_die_with_the_process_that_started_them() -> None:
    program = "from tests.faults.services import PrivateRedis; r = PrivateRedis(); print(r.port, r.folder, flush=True)"
    ended = subprocess.run(
        [sys.executable, "-c", f"{program}; import os; os.kill(os.getpid(), 9)"],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        check=False,
    )
    port, _, folder = ended.stdout.strip().partition(" ")

    def nobody_listens() -> bool:
        try:
            socket.create_connection(("127.0.0.1", int(port))).close()
        except OSError:
            return True
        return False

    wait_until(nobody_listens, "Redis goes with the process that started it")
    shutil.rmtree(folder)


def test_a_small_disk_is_full_soon_and_gone_afterwards() -> None:
    with small_disk(1) as folder:
        (folder / "room").write_bytes(b"x" * 100_000)
        with pytest.raises(OSError, match="No space left"):
            (folder / "much").write_bytes(b"x" * 2_000_000)
    assert not folder.exists()


class Echo:
    """Answers ten bytes for every ten bytes."""

    def __init__(self) -> None:
        import threading

        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._accept, daemon=True)
        self.thread.start()

    def _accept(self) -> None:
        import threading

        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=[client], daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client:
            try:
                while piece := client.recv(10):
                    client.sendall(piece)
            except OSError:
                return

    def stop(self) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(60)


@pytest.fixture
def road() -> Iterator[TcpProxy]:
    echo = Echo()
    with TcpProxy(echo.port) as proxy:
        yield proxy
    echo.stop()


def said(road: TcpProxy, *, within: float = 60) -> bytes:
    """What comes back over a new connection; dots once `within` seconds have passed in silence."""
    with socket.create_connection(("127.0.0.1", road.port), timeout=within) as client:
        client.sendall(b"0123456789")
        heard = b""
        try:
            while len(heard) < 10 and (piece := client.recv(10)):
                heard += piece
        except TimeoutError:
            heard += b"..."
        return heard


def test_the_road_does_as_it_is_told(road: TcpProxy) -> None:
    assert said(road) == b"0123456789"
    road.behave("drop")
    assert said(road, within=0.3) == b"..."
    road.behave("rst")
    with pytest.raises(ConnectionResetError):
        said(road)
    road.behave("half", allowed=5)
    assert said(road) == b"01234"
    road.behave("drip", seconds=0.001)
    assert said(road) == b"0123456789"
    road.behave("delay", seconds=0.001)
    assert said(road) == b"0123456789"
    road.behave("delay", seconds=600)
    assert said(road, within=0.3) == b"..."
    road.refuse()
    with pytest.raises(ConnectionRefusedError):
        said(road)
    road.behave("pass")
    road.listen()
    assert said(road) == b"0123456789"
    assert road.connections == 8


def test_connections_that_stand_can_be_cut(road: TcpProxy) -> None:
    with socket.create_connection(("127.0.0.1", road.port), timeout=60) as client:
        client.sendall(b"0123456789")
        assert client.recv(10)
        road.cut()
        with pytest.raises(ConnectionResetError):
            client.recv(10)
