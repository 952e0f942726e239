"""By which names a server is called, and from which pages it is asked.

A page of someone else can have its own name lead to our address (DNS rebinding); the browser then sends that name as
``Host``. So only names that are ours are answered. An address in the place of a name cannot be turned that way.
"""

import ipaddress
import re
import socket
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

_HOST = re.compile(r"(?P<name>[a-z0-9_.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::(?P<port>[0-9]{1,5}))?")
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Hosts:
    """The names of a server.

    names: lower case, without a port; others: whether any address is ours as well, not only those of this machine alone
    """

    names: frozenset[str] = frozenset({"localhost"})
    others: bool = False

    def know(self, host: str) -> bool:
        """Whether a ``Host`` header is one of ours, by whatever port: a tunnel or a proxy may have another."""
        found = _HOST.fullmatch(host.lower())
        if not found:
            return False
        name = found["name"]
        if name in self.names:
            return True
        try:
            address = ipaddress.ip_address(name.strip("[]"))
        except ValueError:
            return False
        return self.others or address.is_loopback

    def are_asked_from(self, origin: str, host: str) -> bool:
        """Whether an ``Origin`` header is of our own pages, asked by this ``Host``.

        A proxy before us may ask by another name than the browser did; one that was told to us counts.
        """
        try:
            page = urlsplit(origin.lower())
            page_port = page.port or _PORTS.get(page.scheme)
        except ValueError:
            return False
        asked = _HOST.fullmatch(host.lower())
        if page.scheme not in _PORTS or not page.hostname or not asked:
            return False
        same = page.hostname == asked["name"].strip("[]") and page_port == int(asked["port"] or _PORTS[page.scheme])
        return same or (page.hostname in self.names and page.hostname != "localhost")


def own_addresses(*, with_ipv6: bool = False) -> list[str]:
    """The addresses by which others may reach this machine, the one that leads outside first; perhaps none."""
    found: list[str] = []
    families = [(socket.AF_INET, "192.0.2.1"), *([(socket.AF_INET6, "2001:db8::1")] if with_ipv6 else [])]
    for family, elsewhere in families:
        # Nothing is sent: the system only says from where it would send to an address that is nobody's.
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((elsewhere, 9))
            found.append(str(probe.getsockname()[0]))
        with suppress(OSError):
            found += [str(each[4][0]) for each in socket.getaddrinfo(socket.gethostname(), None, family)]
    return [address for address in dict.fromkeys(found) if _is_for_others(address)]


def _is_for_others(address: str) -> bool:
    parsed = ipaddress.ip_address(address.partition("%")[0])
    return not (parsed.is_loopback or parsed.is_unspecified or parsed.is_link_local)


def is_loopback(host: str) -> bool:
    """Whether a server on this host is for this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
