"""The light platform: `python -m dashboard.benchmark.lightplatform [--port N] [--latency SECONDS]`. For the bench only.

With the sandbox on the other side, the sandbox is what gets measured: it looks at every field. This one counts the
profiles of a request without building them and answers each with a random id, 1 in 100 with an error, after
`latency`. It checks nothing, keeps nothing and knows one call only; whether an import is right is the sandbox's to say.

Source: profiles/import_batch, Response example (envelope, and error, error_text and profile_id of each profile).
"""

import argparse
import asyncio
import os
import random
import signal

import msgspec

PATH = b"/api/v1.1/profiles/import_batch"
ERROR_SHARE = 0.01
GOOD = b'{"error":0,"error_text":"Successful operation","profile_id":"%s"}'
# Invented: the documents list no code of a single profile.
ERRORS = tuple(b'{"error":1011,"error_text":"Reason %d","profile_id":""}' % number for number in range(5))
HEAD_END = b"\r\n\r\n"
ID_BYTES = 12


class Asked(msgspec.Struct):
    """A request as far as it is read: the profiles stay bytes."""

    data: list[msgspec.Raw]


_read = msgspec.json.Decoder(Asked).decode


def answered(body: bytes, dice: random.Random) -> bytes:
    """The JSON answer to one batch. Raises msgspec.DecodeError for anything that is not one."""
    count = len(_read(body).data)
    ids = os.urandom(ID_BYTES * count).hex().encode()
    width = 2 * ID_BYTES
    rows = [GOOD % ids[at : at + width] for at in range(0, width * count, width)]
    for place in dice.sample(range(count), _rounded(ERROR_SHARE * count, dice)):
        rows[place] = dice.choice(ERRORS)
    return b'{"error":0,"error_text":"Successful operation","result":[' + b",".join(rows) + b"]}"


def _rounded(number: float, dice: random.Random) -> int:
    """Up or down by chance, so that small batches have their share of errors too."""
    return int(number + dice.random())


class Wire(asyncio.Protocol):
    """One kept-alive connection: HTTP/1.1 requests one after another, each with a Content-Length."""

    def __init__(self, latency: float) -> None:
        self._latency = latency
        self._dice = random.Random(42)
        self._came = bytearray()
        self._head_size = 0
        self._whole_size = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._came += data
        while self._measured() and len(self._came) >= self._whole_size:
            head, body = bytes(self._came[: self._head_size]), bytes(self._came[self._head_size : self._whole_size])
            del self._came[: self._whole_size]
            self._whole_size = 0
            self._answer(head, body)

    def _measured(self) -> bool:
        """Whether the head has come; then its size and that of the whole request are known."""
        if not self._whole_size and (end := self._came.find(HEAD_END)) >= 0:
            self._head_size = end + len(HEAD_END)
            lines = bytes(self._came[:end]).lower().split(b"\r\n")
            sizes = [int(line.partition(b":")[2]) for line in lines if line.startswith(b"content-length:")]
            self._whole_size = self._head_size + sum(sizes[:1])
        return self._whole_size > 0

    def _answer(self, head: bytes, body: bytes) -> None:
        status, content = self._judged(head, body)
        top = b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (status, len(content))
        if self._latency:
            asyncio.get_running_loop().call_later(self._latency, self._write, top + content)
        else:
            self._write(top + content)

    def _judged(self, head: bytes, body: bytes) -> tuple[bytes, bytes]:
        if head.split(b" ", 2)[1].rstrip(b"/") != PATH:
            return b"404 Not Found", b'{"error":404,"error_text":"Method not found"}'
        try:
            return b"200 OK", answered(body, self._dice)
        except msgspec.DecodeError:
            return b"200 OK", b'{"error":400,"error_text":"Invalid request"}'

    def _write(self, answer: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(answer)


async def serve(port: int, latency: float) -> None:
    """Until SIGTERM; says its port in one line once it listens."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, ended.set)
    server = await loop.create_server(lambda: Wire(latency), "127.0.0.1", port)
    print(server.sockets[0].getsockname()[1], flush=True)
    await ended.wait()
    server.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    given = parser.parse_args()
    asyncio.run(serve(given.port, given.latency))
