"""Certificates made on the spot: only a trusted, valid one for the right name lets a byte of the request out."""

import datetime
import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from imports.altcraft import Answer, AnswerClass, Client
from tests.faulty_server import ENDLESS, FaultyServer, answers, says, takes_silently
from tests.imports.altcraft.conftest import TOKEN, accepted, at_the_deadline, post

K = AnswerClass
NOW = datetime.datetime.now(datetime.UTC)
DAY = datetime.timedelta(days=1)


class Authority:
    """A certificate authority of our own, and the certificates it signs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Invented Authority")])
        basic = x509.BasicConstraints(ca=True, path_length=0)
        certificate = self._builder(self._name, self._key, NOW + DAY).add_extension(basic, critical=True)
        self.file = folder / "authority.pem"
        self.file.write_bytes(certificate.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))

    def context(self, *names: x509.GeneralName, ends: datetime.datetime = NOW + DAY) -> ssl.SSLContext:
        """What a server with a certificate for these names needs."""
        key = ec.generate_private_key(ec.SECP256R1())
        alternative = x509.SubjectAlternativeName(names)
        builder = self._builder(x509.Name([]), key, ends).add_extension(alternative, critical=True)
        encoding = serialization.Encoding.PEM
        plain = serialization.NoEncryption()
        kept = self._folder / "server.pem"
        kept.write_bytes(
            key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain)
            + builder.sign(self._key, hashes.SHA256()).public_bytes(encoding)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(kept)
        return context

    def _builder(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, ends: datetime.datetime
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - 3 * DAY)
            .not_valid_after(ends)
        )


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


OURS = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
OTHER = x509.DNSName("other.example.com")
TAKEN = answers(200, accepted(), keep=True)


@contextmanager
def talking_to(
    context: ssl.SSLContext, behaviour: Any = TAKEN, **options: Any
) -> Iterator[tuple[FaultyServer, Client]]:
    with FaultyServer(behaviour, tls=context) as server:
        options = {"deadline": 5.0, "allowed_hosts": [server.host], **options}
        with Client(server.url, TOKEN, **options) as client:
            yield server, client


def test_a_trusted_certificate_is_talked_to(authority: Authority) -> None:
    with talking_to(authority.context(OURS), ca_file=str(authority.file)) as (server, client):
        found = [post(client, fresh=fresh).kind for fresh in (False, False, True)]
    assert found == [K.ANSWERED] * 3
    assert [request.connection for request in server.requests] == [0, 0, 1]


@pytest.mark.parametrize(
    ("certificate", "trusted", "reason"),
    [
        (lambda authority: authority.context(OURS), False, "certificate_untrusted"),
        (lambda authority: authority.context(OURS, ends=NOW - DAY), True, "certificate_expired"),
        (lambda authority: authority.context(OTHER), True, "certificate_wrong_host"),
    ],
    ids=["untrusted", "expired", "wrong host"],
)
def test_a_wrong_certificate_is_not_sent(
    certificate: Callable[[Authority], ssl.SSLContext], trusted: bool, reason: str, authority: Authority
) -> None:
    ca_file = str(authority.file) if trusted else None
    with talking_to(certificate(authority), ca_file=ca_file) as (server, client):
        answer = post(client, before_wire=pytest.fail)
    assert (answer.kind, answer.reason) == (K.NOT_SENT, reason)
    assert "certificate" in answer.error_debug
    assert server.requests == []


def test_a_wrong_host_is_seen_by_its_name(authority: Authority) -> None:
    with FaultyServer(TAKEN, tls=authority.context(OTHER)) as server:

        def resolve(*_: object) -> Any:
            return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", server.port))]

        for name, reason in (("other.example.com", ""), ("crm.example.com", "certificate_wrong_host")):
            listed = [f"{name}:{server.port}", "127.0.0.0/8"]
            url = f"https://{listed[0]}"
            with Client(url, TOKEN, allowed_hosts=listed, ca_file=str(authority.file), resolve=resolve) as client:
                assert post(client).reason == reason


def test_old_tls_is_refused(authority: Authority) -> None:
    context = authority.context(OURS)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1 is deprecated"):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    with talking_to(context, ca_file=str(authority.file)) as (_, client):
        answer = post(client, before_wire=pytest.fail)
    assert (answer.kind, answer.reason) == (K.NOT_SENT, "tls_failed")


def asked_securely(server: FaultyServer, **options: Any) -> Answer:
    """Ask a server that speaks no TLS as if it did."""
    with Client(f"https://{server.host}", TOKEN, allowed_hosts=[server.host], **options) as client:
        return post(client, before_wire=pytest.fail)


def test_a_server_without_tls_is_not_sent() -> None:
    with FaultyServer(lambda peer: peer.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as server:
        answer = asked_securely(server)
    assert (answer.kind, answer.reason) == (K.NOT_SENT, "tls_failed")


def test_a_handshake_without_end_ends_at_the_deadline() -> None:
    with FaultyServer(lambda peer: peer.pause(ENDLESS)) as server:
        answer = asked_securely(server, deadline=0.3)
    assert (answer.kind, answer.reason) == (K.NOT_SENT, "deadline_before_sending")


@pytest.mark.parametrize(
    ("behaviour", "profiles"),
    [
        (takes_silently, [b"{}"]),
        (says(b"HTTP/1.1 200 OK\r\n\r\n", forever=b" ", every=0.02), [b"{}"]),
        (lambda peer: peer.pause(ENDLESS), [b'{"_fname":"%s"}' % (b"x" * 10_000_000)]),
    ],
    ids=["silence", "dripping body", "reads nothing"],
)
def test_an_encrypted_call_ends_at_its_deadline(behaviour: Any, profiles: list[bytes], authority: Authority) -> None:
    def ask(deadline: float) -> Answer:
        options = {"ca_file": str(authority.file), "deadline": deadline}
        with talking_to(authority.context(OURS), behaviour, **options) as (_, client):
            return post(client, profiles=profiles)

    answer = at_the_deadline(ask)
    assert (answer.kind, answer.reason) == (K.NO_ANSWER, "deadline")


def test_nothing_arrives_when_the_permission_is_refused(authority: Authority) -> None:
    arrived: list[bytes] = []

    def listens(peer: Any) -> None:
        arrived.append(peer.sock.recv(100))

    with talking_to(authority.context(OURS), listens, ca_file=str(authority.file)) as (server, client):
        answer = post(client, before_wire=lambda: False)
        server.wait_for_end()
    assert (answer.reason, arrived) == ("not_allowed_now", [b""])
