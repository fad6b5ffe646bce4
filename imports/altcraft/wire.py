"""requests, with the parts replaced that would send where or when they must not.

What requests does by default and this does not: follow redirects, read proxies and .netrc from the environment,
unpack answers of any size, wait without end, retry. Cookies are never sent: requests are prepared without the session.
"""

from __future__ import annotations

import ssl
from typing import Any, Final

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util.ssl_match_hostname import CertificateError

from imports.altcraft.exchange import CURRENT, PATIENCE, Exchange, Stale, Stopped

# X509_V_ERR_... of OpenSSL
_CERTIFICATE_FAULTS: Final = {
    9: "certificate_expired",
    10: "certificate_expired",
    18: "certificate_untrusted",
    19: "certificate_untrusted",
    20: "certificate_untrusted",
    21: "certificate_untrusted",
    62: "certificate_wrong_host",
    64: "certificate_wrong_host",
}


class _GuardedPlain(HTTPConnection):
    """A connection that goes only where its exchange admits and writes only once the exchange permits."""

    debuglevel = 0  # http.client prints what it sends when somebody raises the class's level

    def _new_conn(self) -> Any:
        return CURRENT.get().open_socket(self._dns_host, self.port, self.socket_options or ())

    def connect(self) -> None:
        exchange = CURRENT.get()
        try:
            super().connect()
        except (OSError, CertificateError) as error:
            raise Stopped(_tls_reason(error, exchange), str(error)) from None
        exchange.reused = False
        self.sock.settimeout(exchange.watchdog.remaining() + PATIENCE)

    def send(self, data: Any) -> None:
        exchange = CURRENT.get()
        if self.sock is None:
            self.connect()
        if not exchange.wrote:
            data = self._send_first(exchange, data)
        try:
            super().send(data)
        except OSError:
            exchange.write_failed = True  # urllib3 goes on to look for an early answer
            raise

    def _send_first(self, exchange: Exchange, data: bytes) -> bytes:
        """Write the first bytes, and return those still to be written."""
        exchange.permit()
        if exchange.reused and not self.is_connected:
            raise Stale
        if isinstance(self.sock, ssl.SSLSocket):
            exchange.wrote = True  # a failed TLS write may have sent a part of its record
            return data
        try:
            count = self.sock.send(data)
        except OSError as error:  # the kernel took nothing, else it would have returned a count
            raise Stale(str(error)) from None
        exchange.wrote = True
        return data[count:]


class _GuardedSecure(_GuardedPlain, HTTPSConnection):
    pass


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _GuardedPlain

    def _get_conn(self, timeout: float | None = None) -> Any:
        connection: Any = super()._get_conn(timeout)
        exchange = CURRENT.get()
        if exchange.fresh:
            connection.close()  # it opens again when it is written to
        exchange.adopt(connection.sock)
        return connection

    def _put_conn(self, conn: Any) -> None:
        exchange = CURRENT.get(None)
        if conn is not None and exchange is not None and exchange.write_failed:
            conn.close()  # half a request stands in it
        super()._put_conn(conn)


class _SecurePool(_PlainPool, HTTPSConnectionPool):
    ConnectionCls = _GuardedSecure


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        """No redirect has a target: requests would read its whole body to prepare the next request."""


def open_session(ca_file: str | None, connections: int) -> requests.Session:
    """A session that posts and nothing else. Threads may share it; `connections` are kept open between calls."""
    session = _Session()
    session.trust_env = False
    session.verify = ca_file or True
    session.max_redirects = 0
    session.headers.clear()
    session.adapters.clear()
    for scheme in ("http://", "https://"):
        session.mount(scheme, _Adapter(max_retries=0, pool_connections=1, pool_maxsize=connections))
    return session


def _tls_reason(error: Exception, exchange: Exchange) -> str:
    if exchange.watchdog.fired or isinstance(error, TimeoutError):
        return exchange.timeout_reason()
    if isinstance(error, CertificateError):
        return "certificate_wrong_host"
    if isinstance(error, ssl.SSLCertVerificationError):
        return _CERTIFICATE_FAULTS.get(error.verify_code, "certificate_invalid")
    return "tls_failed"
