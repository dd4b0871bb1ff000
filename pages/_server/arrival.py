"""Where a request comes from and whether it is answered at all: distrusted, misdirected, is_own_origin, client.

On its own a server answers this computer, under this computer's names and without a proxy. Opened to others it answers
over HTTPS alone, under the names that were given, and believes of whom a request is only what a named proxy says.
"""

from __future__ import annotations

from enum import StrEnum

from starlette.datastructures import Headers
from starlette.types import Scope

from assessments.network import Network, host_name, plain_address

LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})
FORWARDED = (
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-port",
    "x-forwarded-proto",
    "x-forwarded-protocol",
    "x-forwarded-scheme",
    "x-forwarded-server",
    "x-forwarded-ssl",
    "x-real-ip",
    "x-client-ip",
    "x-cluster-client-ip",
    "x-original-forwarded-for",
    "x-original-host",
    "cf-connecting-ip",
    "true-client-ip",
    "fastly-client-ip",
    "x-envoy-external-address",
)
"""What proxies say of whom they speak for."""
ENCRYPTED = ("https", "wss")


class Misdirected(StrEnum):
    """Why a request is not answered, as the security log names it."""

    SPOKEN_FOR = "headers of a proxy that is not named"
    SILENT_PROXY = "a named proxy did not say for whom"
    FOREIGN_ADDRESS = "from another computer"
    FOREIGN_HOST = "under another name"
    NOT_ENCRYPTED = "not over HTTPS"


def distrusted(scope: Scope, network: Network) -> Misdirected | None:
    """What is wrong with how the request was handed on, before anything in it is believed. None: nothing."""
    headers, peer = Headers(scope=scope), client(scope)
    if not network.believes(peer):
        return Misdirected.SPOKEN_FOR if any(name in headers for name in FORWARDED) else None
    stated_host = headers.get("x-forwarded-host", headers.get("host"))
    if len(headers.getlist("x-forwarded-proto")) != 1 or "x-forwarded-for" not in headers:
        return Misdirected.SILENT_PROXY
    return None if stated_host == headers.get("host") else Misdirected.FOREIGN_HOST


def misdirected(scope: Scope, network: Network) -> Misdirected | None:
    """What is wrong with from where and under which name it comes, once a proxy was believed. None: nothing."""
    hosts = Headers(scope=scope).getlist("host")
    host = hosts[0] if len(hosts) == 1 else ""
    address = plain_address(client(scope))
    if not network.is_open:
        if address is None or not address.is_loopback:
            return Misdirected.FOREIGN_ADDRESS
        if scope.get("http_version") == "1.0":  # no browser speaks it, but proxies do that say nothing else
            return Misdirected.SPOKEN_FOR
        return None if host_name(host) in LOCAL_HOSTS else Misdirected.FOREIGN_HOST
    if scope["scheme"] not in ENCRYPTED:
        return Misdirected.NOT_ENCRYPTED
    if address is None:
        return Misdirected.SILENT_PROXY
    return None if network.answers_to(host) else Misdirected.FOREIGN_HOST


def is_of_this_computer(scope: Scope) -> bool:
    """Whether it was sent here by this computer itself, and by no proxy that says so."""
    headers, address = Headers(scope=scope), plain_address(client(scope))
    return address is not None and address.is_loopback and not any(name in headers for name in FORWARDED)


def client(scope: Scope) -> str:
    """The address that asks; empty where it is not known."""
    asking = scope.get("client")
    return str(plain_address(asking[0]) or asking[0]) if asking else ""


def is_own_origin(scope: Scope) -> bool:
    """Whether the Origin header is there and names this server, as a browser writes it on our own pages."""
    headers = Headers(scope=scope)
    scheme = "https" if scope["scheme"] in ENCRYPTED else "http"
    return headers.getlist("origin") == [f"{scheme}://{headers.get('host', '')}"]
