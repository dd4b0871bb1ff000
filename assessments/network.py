"""Where the server listens, under which names it answers, which proxies it believes, and which scanner it asks: current.

All of it comes from the environment. Without a word there it answers this computer only; whatever is named beyond that
is answered over HTTPS alone.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from pathlib import Path

from assessments.errors import AssessmentError
from questionnaires.texts import texts_of

TEXTS = texts_of(__file__)
ADDRESS = "HAETAE_ADDRESS"
HOSTS = "HAETAE_HOSTS"
PROXIES = "HAETAE_PROXIES"
CERTIFICATE = "HAETAE_TLS_CERTIFICATE"
KEY = "HAETAE_TLS_KEY"
SCANNER = "HAETAE_CLAMD"
VARIABLES = (ADDRESS, HOSTS, PROXIES, CERTIFICATE, KEY, SCANNER)
LOOPBACK = "127.0.0.1"
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*|\d+(\.\d+){3}|\[[0-9a-f:.]+\]")
"""A name without a port, as it stands in a Host header."""


@dataclass(frozen=True)
class Scanner:
    """The malware scanner clamd: a socket in the file system, or a host and a port."""

    socket: str = ""
    host: str = ""
    port: int = 0


@dataclass(frozen=True)
class Network:
    """What was named. Without hosts only this computer is answered."""

    address: str = LOOPBACK
    """On which the server listens."""
    hosts: frozenset[str] = frozenset()
    proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    certificate: Path | None = None
    """None: TLS ends at the proxy."""
    key: Path | None = None
    scanner: Scanner | None = None

    @property
    def is_open(self) -> bool:
        """Whether other computers are answered, which is over HTTPS only."""
        return bool(self.hosts)

    def answers_to(self, host: str) -> bool:
        """Whether a Host header names this server; any port, for a proxy may listen on another."""
        return host_name(host) in self.hosts

    def believes(self, address: str) -> bool:
        """Whether what this address says of whom it speaks for is believed."""
        known = plain_address(address)
        return known is not None and any(known in network for network in self.proxies)


def current() -> Network:
    """As the environment says now. Raises: AssessmentError."""
    return _read(*(os.environ.get(name, "").strip() for name in VARIABLES))


def is_open() -> bool:
    """As `current` says, of a server that has started; the one thing of it that is asked for with every text of a screen."""
    return bool(os.environ.get(HOSTS, "").replace(",", " ").strip())


def read(environment: Mapping[str, str]) -> Network:
    """Raises: AssessmentError: every reason why the server must not be started like this."""
    return _read(*(environment.get(name, "").strip() for name in VARIABLES))


@lru_cache(8)
def _read(address: str, hosts: str, proxies: str, certificate: str, key: str, scanner: str) -> Network:
    network = Network(
        address=_address(address or LOOPBACK),
        hosts=frozenset(_host(part) for part in _parts(hosts)),
        proxies=tuple(_proxy(part) for part in _parts(proxies)),
        certificate=_file(CERTIFICATE, certificate),
        key=_file(KEY, key),
        scanner=_scanner(scanner) if scanner else None,
    )
    if bool(network.certificate) != bool(network.key):
        raise AssessmentError(TEXTS.told("certificate_without_key", certificate=CERTIFICATE, key=KEY))
    is_encrypted = bool(network.proxies or network.certificate)
    if network.hosts and not is_encrypted:
        raise AssessmentError(
            TEXTS.told("hosts_without_tls", hosts=HOSTS, proxies=PROXIES, certificate=CERTIFICATE, key=KEY)
        )
    if not network.hosts and is_encrypted:
        raise AssessmentError(TEXTS.told("proxies_without_hosts", hosts=HOSTS))
    if not network.hosts and not ip_address(network.address).is_loopback:
        raise AssessmentError(TEXTS.told("address_without_hosts", address=network.address, hosts=HOSTS))
    return network


def host_name(host: str) -> str:
    """The name in a Host header, without its port, in small letters."""
    name, colon, port = host.lower().rpartition(":")
    return (
        name if colon and port.isdecimal() and not (name.startswith("[") and not name.endswith("]")) else host.lower()
    )


def plain_address(address: str) -> IPv4Address | IPv6Address | None:
    """The address; one of IPv4 that is written as one of IPv6 is one of IPv4. None: it is none."""
    try:
        known = ip_address(address)
    except ValueError:
        return None
    return (known.ipv4_mapped or known) if isinstance(known, IPv6Address) else known


def _parts(stated: str) -> list[str]:
    return [part.strip() for part in stated.split(",") if part.strip()]


def _address(stated: str) -> str:
    try:
        return str(ip_address(stated))
    except ValueError:
        raise AssessmentError(TEXTS.told("no_address", name=ADDRESS, stated=stated[:80])) from None


def _host(stated: str) -> str:
    name = stated.lower()
    if not _HOST.fullmatch(name):
        raise AssessmentError(TEXTS.told("no_host", name=HOSTS, stated=stated[:80]))
    return name


def _proxy(stated: str) -> IPv4Network | IPv6Network:
    try:
        network = ip_network(stated)
    except ValueError:
        raise AssessmentError(TEXTS.told("no_proxy", name=PROXIES, stated=stated[:80])) from None
    if network.prefixlen == 0:
        raise AssessmentError(TEXTS.told("everybody_a_proxy", name=PROXIES, stated=stated[:80]))
    return network


def _file(name: str, stated: str) -> Path | None:
    if not stated:
        return None
    path = Path(stated).expanduser().resolve()
    if not path.is_file():
        raise AssessmentError(TEXTS.told("no_such_file", name=name, file=path))
    return path


def _scanner(stated: str) -> Scanner:
    """`/run/clamav/clamd.ctl` or `host:port`."""
    if stated.startswith("/"):
        return Scanner(socket=stated)
    host, _, port = stated.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise AssessmentError(TEXTS.told("no_scanner", name=SCANNER, stated=stated[:80]))
    return Scanner(host=host.strip("[]"), port=int(port))
