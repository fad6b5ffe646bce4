import pytest

from imports.altcraft import NotAllowed
from imports.altcraft.addresses import check_address

LISTED = ["ru.altkraft.com", "crm.example.com:8443", "127.0.0.1:8081", "localhost", "[::1]:8082", "plain.example.com"]


@pytest.mark.parametrize(
    ("address", "root"),
    [
        ("https://ru.altkraft.com", "https://ru.altkraft.com/api/v1.1"),
        ("https://ru.altkraft.com/", "https://ru.altkraft.com/api/v1.1"),
        ("HTTPS://RU.Altkraft.COM:443", "https://ru.altkraft.com/api/v1.1"),
        ("https://ru.altkraft.com/api/v1.1/", "https://ru.altkraft.com/api/v1.1"),
        ("https://crm.example.com:8443/altcraft", "https://crm.example.com:8443/altcraft/api/v1.1"),
        ("http://127.0.0.1:8081", "http://127.0.0.1:8081/api/v1.1"),
        ("http://[::1]:8082", "http://[::1]:8082/api/v1.1"),
        ("http://localhost", "http://localhost/api/v1.1"),
        ("http://localhost:8000", "http://localhost:8000/api/v1.1"),
    ],
)
def test_a_listed_address_leads_to_the_api(address: str, root: str) -> None:
    assert check_address(address, LISTED).root == root


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("", "address_malformed"),
        ("ru.altkraft.com", "address_malformed"),
        ("//ru.altkraft.com", "address_malformed"),
        ("https:ru.altkraft.com", "address_malformed"),
        ("https:///ru.altkraft.com", "address_malformed"),
        (" https://ru.altkraft.com", "address_malformed"),
        ("https://ru.altkraft.com ", "address_malformed"),
        ("https://ru.altkraft.com\n", "address_malformed"),
        ("https://ru.altkraft.com\r\nHost: evil.example.com", "address_malformed"),
        ("https://ru.altkraft.com\t", "address_malformed"),
        ("https://ru.altkraft.com\x00.evil.example.com", "address_malformed"),
        ("https://ru.altkraft.com%00.evil.example.com", "address_malformed"),
        ("https://ru.altkraft.com%2eevil.example.com", "address_malformed"),
        ("https://ru.altkraft.com\\@evil.example.com", "address_malformed"),
        ("https://evil.example.com\\.ru.altkraft.com", "address_malformed"),
        ("https://ru.altkraft.com.", "address_malformed"),
        ("https://ru.altkraft.com#@evil.example.com", "address_malformed"),
        ("https://ru.altkraft.com?x=1", "address_malformed"),
        ("https://ru.altkraft.com/a/../b", "address_malformed"),
        ("https://ru.altkraft.com/..", "address_malformed"),
        ("https://ru.altkraft.com/%2e%2e/", "address_malformed"),
        ("https://ru.altkraft.com:", "address_malformed"),
        ("https://ru.altkraft.com:443:443", "address_malformed"),
        ("https://ru.altkraft.com:999999", "address_malformed"),
        ("https://ru.altkraft.com:４４３", "address_malformed"),
        ("https://ru..altkraft.com", "address_malformed"),
        ("https://ru。altkraft。com", "address_malformed"),
        ("https://ru.аltkraft.com", "address_malformed"),
        ("https://ru.altkraft.com;evil", "address_malformed"),
        ("https://good@evil.example.com", "address_has_user"),
        ("https://ru.altkraft.com@evil.example.com", "address_has_user"),
        ("https://user:secret@ru.altkraft.com", "address_has_user"),
        ("https://@ru.altkraft.com", "address_has_user"),
        ("ftp://ru.altkraft.com", "address_scheme"),
        ("file://localhost/etc/passwd", "address_scheme"),
        ("gopher://ru.altkraft.com", "address_scheme"),
        ("https://evil.example.com", "host_not_listed"),
        ("https://altkraft.com", "host_not_listed"),
        ("https://x.ru.altkraft.com", "host_not_listed"),
        ("https://ru.altkraft.com.evil.example.com", "host_not_listed"),
        ("https://2130706433", "host_not_listed"),
        ("https://0x7f000001", "host_not_listed"),
        ("https://0177.0.0.1", "host_not_listed"),
        ("https://127.1", "host_not_listed"),
        ("https://[::ffff:127.0.0.1]", "host_not_listed"),
        ("https://[::]", "host_not_listed"),
        ("https://169.254.169.254", "host_not_listed"),
        ("https://ru.altkraft.com:8443", "port_not_listed"),
        ("https://crm.example.com", "port_not_listed"),
        ("http://127.0.0.1:6379", "port_not_listed"),
        ("http://127.0.0.1", "port_not_listed"),
        ("http://plain.example.com", "address_needs_https"),
        ("http://crm.example.com:8443", "address_needs_https"),
    ],
)
def test_any_other_address_is_refused(address: str, code: str) -> None:
    with pytest.raises(NotAllowed) as caught:
        check_address(address, LISTED)
    assert caught.value.code == code
    assert "secret" not in str(caught.value.params)


def test_nothing_is_allowed_where_nothing_is_listed() -> None:
    with pytest.raises(NotAllowed, match="host_not_listed"):
        check_address("https://ru.altkraft.com", [])


@pytest.mark.parametrize(
    ("peer", "admitted"),
    [
        ("93.184.215.14", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
        ("10.0.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("224.0.0.1", False),
        ("ff0e::1", False),
        ("0.0.0.0", False),
        ("255.255.255.255", False),
    ],
)
def test_a_name_may_lead_to_the_public_net_only(peer: str, admitted: bool) -> None:
    assert check_address("https://ru.altkraft.com", LISTED).admits(peer) is admitted


def test_a_listed_network_may_be_led_to() -> None:
    inside = check_address("https://ru.altkraft.com", [*LISTED, "10.0.0.0/8", "fd00::/8"])
    assert [inside.admits(peer) for peer in ("10.1.2.3", "fd00::1", "192.168.1.1")] == [True, True, False]


def test_a_listed_literal_admits_itself_only() -> None:
    literal = check_address("https://10.1.2.3", ["10.1.2.3"])
    assert [literal.admits(peer) for peer in ("10.1.2.3", "10.1.2.4")] == [True, False]


def test_loopback_leads_to_loopback_only() -> None:
    local = check_address("http://localhost", [*LISTED, "10.0.0.0/8"])
    assert [local.admits(peer) for peer in ("127.0.0.1", "::1", "10.0.0.1", "93.184.215.14")] == [
        True,
        True,
        False,
        False,
    ]
