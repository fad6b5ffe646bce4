"""Which address a connection may have, and which machine it may really lead to.

The deployment lists hosts; a person in the browser only chooses among them. Nothing is guessed or repaired: an
address that is not written plainly is refused.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from imports.altcraft.errors import NotAllowed

API_ROOT: Final = "/api/v1.1"  # Source: API interaction, Request URL

_Address = IPv4Address | IPv6Address
_Network = IPv4Network | IPv6Network

_PLAIN: Final = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<user>[a-z0-9._~%!$&'()*+,;=:-]*@)?"
    r"(?P<host>[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:.]+\])"
    r"(?::(?P<port>[0-9]{1,5}))?(?P<path>(?:/[a-z0-9._~-]*)*)",
    re.ASCII | re.IGNORECASE,
)
_NAT64: Final = IPv6Network("64:ff9b::/96")
_DEFAULT_PORTS: Final = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Destination:
    """A base address that passed: `root` is where the API's methods hang, without the closing slash."""

    scheme: str
    host: str
    port: int
    root: str
    networks: tuple[_Network, ...]

    def admits(self, peer: str) -> bool:
        """True when a resolved address may be connected to: names can be made to lead anywhere.

        A loopback name leads to loopback only; any other only to the public net, to the very address it spells, or to
        a network the deployment lists.
        """
        address = _unmapped(ip_address(peer.partition("%")[0]))
        if is_loopback(self.host):
            return address.is_loopback
        if any(address in network for network in self.networks):
            return True
        return _literal(self.host) == address or (address.is_global and not address.is_multicast)


def check_address(base_url: str, allowed_hosts: Collection[str]) -> Destination:
    """The destination of a connection. Raises NotAllowed with one of the codes below.

    `allowed_hosts` holds "host" (port 443; any port of a loopback host), "host:port", and networks such as "10.0.0.0/8"
    that an allowed name may lead to. Plain http is for loopback hosts only.

    Codes: address_malformed, address_has_user, address_scheme, address_needs_https, host_not_listed, port_not_listed.
    """
    parts = _PLAIN.fullmatch(base_url)
    if parts is None or "/.." in parts["path"] or "/./" in parts["path"]:
        raise NotAllowed("address_malformed")
    if parts["user"]:
        raise NotAllowed("address_has_user")
    scheme, host = parts["scheme"].lower(), parts["host"].lower().strip("[]")
    if scheme not in _DEFAULT_PORTS:
        raise NotAllowed("address_scheme", scheme=scheme)
    port = int(parts["port"] or _DEFAULT_PORTS[scheme])
    _check_listed(scheme, host, port, allowed_hosts)
    return Destination(scheme, host, port, _root(scheme, host, port, parts["path"]), _networks(allowed_hosts))


def is_loopback(host: str) -> bool:
    address = _literal(host)
    return host == "localhost" if address is None else address.is_loopback


def _check_listed(scheme: str, host: str, port: int, allowed_hosts: Collection[str]) -> None:
    listed = {_listed(entry) for entry in allowed_hosts if "/" not in entry}
    if host not in {name for name, _ in listed}:
        raise NotAllowed("host_not_listed", host=host)
    any_port = is_loopback(host) or port == _DEFAULT_PORTS[scheme]
    if (host, port) not in listed and not ((host, None) in listed and any_port):
        raise NotAllowed("port_not_listed", host=host, port=str(port))
    if scheme == "http" and not is_loopback(host):
        raise NotAllowed("address_needs_https", host=host)


def _listed(entry: str) -> tuple[str, int | None]:
    """A listed "host", "host:port", "[::1]:port" or bare "::1" as (host, port or None)."""
    entry = entry.strip().lower()
    if entry.count(":") > 1 and not entry.startswith("["):
        return entry, None
    host, _, port = entry.rpartition(":") if re.search(r":[0-9]+$", entry) else (entry, "", "")
    return host.strip("[]"), int(port) if port else None


def _networks(allowed_hosts: Collection[str]) -> tuple[_Network, ...]:
    return tuple(ip_network(entry.strip(), strict=False) for entry in allowed_hosts if "/" in entry)


def _root(scheme: str, host: str, port: int, path: str) -> str:
    """The address of the API itself; the person may have pasted it with or without /api/v1.1."""
    name = f"[{host}]" if ":" in host else host
    place = "" if port == _DEFAULT_PORTS[scheme] else f":{port}"
    prefix = path.rstrip("/").removesuffix(API_ROOT)
    return f"{scheme}://{name}{place}{prefix}{API_ROOT}"


def _literal(host: str) -> _Address | None:
    try:
        return _unmapped(ip_address(host))
    except ValueError:
        return None


def _unmapped(address: _Address) -> _Address:
    """The IPv4 address an IPv6 one stands for (mapped, 6to4, NAT64), which would otherwise pass for a public one."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or address
