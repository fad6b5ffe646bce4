"""The sandbox in the foreground: its command line, and its end."""

import argparse
import errno
import gc
import signal
import sys
import threading
import time
from dataclasses import fields
from pathlib import Path
from typing import Any

from .faults import Faults
from .platform import DEFAULT_TOKEN
from .server import SandboxServer
from .settings import Settings, UnknownOption

HELP = "A stand-in for the Altcraft platform API: keeps people in memory, sends nothing to anybody, fails when told to."
DEFAULT_PORT = 8090
_OWN = ("host", "port", "token", "state")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its own options, then one for each setting and each fault."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument(
        "--port", type=int, default=DEFAULT_PORT, help=f"port, 0 for a free one (default: {DEFAULT_PORT})"
    )
    parser.add_argument("--token", default=DEFAULT_TOKEN, help=f"the API token (default: {DEFAULT_TOKEN})")
    parser.add_argument("--state", type=Path, metavar="FILE", help="keep people in this file across restarts")
    parser.add_argument("--log", action="store_true", help="write a line for each call; never a person, never a token")
    for title, options in (("how the platform behaves", Settings), ("what goes wrong", Faults)):
        group = parser.add_argument_group(title)
        for option in fields(options):
            _add_option(group, option)


def _add_option(group: Any, option: Any) -> None:
    flag = "--" + option.name.replace("_", "-")
    text = option.metadata["help"].replace("%", "%%")
    if type(option.default) is bool:
        group.add_argument(flag, dest=option.name, action="store_const", const=True, help=text)
        return
    kind, choices = type(option.default), option.metadata["choices"] or None
    metavar = None if choices else kind.__name__.upper()
    group.add_argument(flag, dest=option.name, type=kind, choices=choices, metavar=metavar, help=text)


def serve(given: dict[str, Any]) -> int:
    """Run until SIGINT or SIGTERM; the exit status. Says in one line why it cannot start."""
    names = {option.name for options in (Settings, Faults) for option in fields(options)}
    options = {name: given[name] for name in names if given.get(name) is not None}
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    try:
        own = {name: given[name] for name in _OWN}
        server = SandboxServer(**own, access_log=_log if given.get("log") else None, **options).start()
    except UnknownOption as fault:
        return _refused(str(fault))
    except (OSError, OverflowError) as fault:
        return _refused(_why(given, fault))
    _spare_the_collector()
    print(f"Altcraft sandbox: {server.url}/  token {server.token}  (Ctrl-C stops it)", flush=True)
    ended.wait()
    server.stop()
    return 0


def _log(line: str) -> None:
    print(time.strftime("%H:%M:%S"), line, file=sys.stderr, flush=True)


def _spare_the_collector() -> None:
    """A batch parses into thousands of short-lived objects; looking through them each time costs a quarter."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


def _why(given: dict[str, Any], fault: Exception) -> str:
    place = f"{given['host']} port {given['port']}"
    if isinstance(fault, OSError) and fault.errno == errno.EADDRINUSE:
        return f"{place} is in use by another program; choose another with --port"
    named = getattr(fault, "filename", None)
    reason = getattr(fault, "strerror", None) or str(fault)
    return f"cannot use {named}: {reason}" if named else f"cannot listen on {place}: {reason}"


def _refused(text: str) -> int:
    print(f"sandbox: {text}", file=sys.stderr)
    return 1
