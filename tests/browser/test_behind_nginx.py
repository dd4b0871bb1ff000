"""A server that is opened to others, asked through nginx as documented and past it. The whole way through it: test_walk.py."""

from __future__ import annotations

import http.client
import platform
import socket
import ssl
import sys
import warnings
from contextlib import closing, suppress
from pathlib import Path

import pytest
import streamlit
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests import doors
from tests.browser.conftest import ROOT, Server
from tests.proxy import NAME, Front, nginx

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(behind_nginx: tuple[Server, Front]) -> Server:
    return behind_nginx[0]


@pytest.fixture(scope="module")
def front(behind_nginx: tuple[Server, Front]) -> Front:
    return behind_nginx[1]


@pytest.fixture(scope="module")
def cookie(server: Server) -> str:
    """Of somebody who is signed in."""
    return f"__Host-haetae_session={doors.let_in_at(server.home, 'hana')}"


def trusting(front: Front) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(front.authority))


def get(front: Front, path: str, **headers: str) -> http.client.HTTPResponse:
    """Over TLS, with the certificate checked against the authority."""
    connection = http.client.HTTPSConnection(NAME, front.port, context=trusting(front), timeout=300)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    return connection.getresponse()


def test_over_tls_the_entrance_opens_and_says_to_stay_encrypted(front: Front) -> None:
    answer = get(front, "/enter", accept="text/html")
    assert answer.status == 200
    assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    assert f"wss://{NAME}:{front.port}" in answer.headers["content-security-policy"]
    assert answer.headers["server"] == "nginx", "without a version"


def test_what_a_stranger_says_of_itself_is_overwritten_on_the_way(front: Front) -> None:
    answer = get(
        front,
        "/enter",
        x_forwarded_for="127.0.0.1",
        x_forwarded_proto="http",
        x_forwarded_host="evil.example",
        forwarded="for=127.0.0.1",
    )
    assert answer.status == 200


def test_unencrypted_requests_to_the_proxy_are_led_to_https(front: Front) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", front.plain_port, timeout=300)
    connection.request("GET", "/review?assessment=7", headers={"host": NAME})
    answer = connection.getresponse()
    assert (answer.status, answer.headers["location"]) == (308, f"{front.address}/review?assessment=7")


def test_another_name_gets_no_certificate(front: Front) -> None:
    with (
        socket.create_connection(("127.0.0.1", front.port), timeout=60) as plain,
        pytest.raises(ssl.SSLError, match="unrecognized name"),
    ):
        trusting(front).wrap_socket(plain, server_hostname="other.example")


def test_only_tls_of_today_is_spoken(front: Front) -> None:
    for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
        old = trusting(front)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            old.minimum_version = old.maximum_version = version
        old.set_ciphers("ALL:@SECLEVEL=0")
        with (
            socket.create_connection(("127.0.0.1", front.port), timeout=60) as plain,
            pytest.raises((ssl.SSLError, ConnectionError)),
        ):
            old.wrap_socket(plain, server_hostname=NAME)
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        new = trusting(front)
        new.minimum_version = new.maximum_version = version
        with (
            socket.create_connection(("127.0.0.1", front.port), timeout=60) as plain,
            new.wrap_socket(plain, server_hostname=NAME) as connection,
        ):
            name, *_ = connection.cipher() or ("",)
            assert name.startswith(("ECDHE-", "TLS_")), "keys of one connection tell nothing of another"


def test_sockets_go_through_for_who_is_signed_in_and_for_nobody_else(front: Front, cookie: str) -> None:
    address = f"wss://{NAME}:{front.port}/_stcore/stream"

    def opened(origin: str, sent: str) -> ClientConnection:
        return connect(
            address,
            ssl=trusting(front),
            origin=origin,  # type: ignore[arg-type]
            additional_headers={"cookie": sent} if sent else {},
            subprotocols=["streamlit"],  # type: ignore[list-item]
            open_timeout=300,
        )

    with opened(front.address, cookie) as socket_:
        assert socket_.subprotocol == "streamlit"
    for sent in ("", cookie.replace("__Host-", ""), cookie[:-1]):
        with opened(front.address, sent) as told, pytest.raises(ConnectionClosed) as closed:
            told.recv(timeout=300)
        assert closed.value.rcvd is not None and closed.value.rcvd.code == 4401
    for origin in ("https://evil.example", front.address.replace("https", "http")):
        with pytest.raises((InvalidStatus, InvalidHandshake)):
            opened(origin, cookie)


def test_a_socket_tells_no_folder_and_no_version(front: Front, cookie: str) -> None:
    ask, kinds = BackMsg(), []
    ask.rerun_script.query_string = ""
    with connect(
        f"wss://{NAME}:{front.port}/_stcore/stream",
        ssl=trusting(front),
        origin=front.address,  # type: ignore[arg-type]
        additional_headers={"cookie": cookie},
        subprotocols=["streamlit"],  # type: ignore[list-item]
        open_timeout=300,
        max_size=None,
    ) as socket_:
        socket_.send(ask.SerializeToString())
        while "script_finished" not in kinds:
            message = socket_.recv(timeout=300)
            assert isinstance(message, bytes)
            for told in (str(ROOT), streamlit.__version__, platform.python_version(), sys.prefix):
                assert told.encode() not in message
            forward = ForwardMsg()
            forward.ParseFromString(message)
            kinds.append(forward.WhichOneof("type") or "")
    assert "new_session" in kinds


def test_past_the_proxy_nobody_is_answered_from_here_or_from_elsewhere(server: Server, cookie: str) -> None:
    addresses = ["127.0.0.1"]
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as probe, suppress(OSError):
        probe.connect(("192.0.2.1", 9))  # sends nothing, and tells by which address this machine would
        addresses.append(probe.getsockname()[0])
    for address in addresses:
        for headers in (
            {},
            {"Host": NAME, "Cookie": cookie},
            {"Host": NAME, "Cookie": cookie, "X-Forwarded-Proto": "https"},
        ):
            connection = http.client.HTTPConnection(address, server.port, timeout=300)
            connection.request("GET", "/enter", headers=headers)
            answer = connection.getresponse()
            assert answer.status == 403, (address, headers)
            assert b"https://" in answer.read()
    if len(addresses) == 2 and addresses[1] != "127.0.0.1":
        connection = http.client.HTTPConnection(addresses[1], server.port, timeout=300)
        forged = {"Host": NAME, "X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "https"}
        connection.request("GET", "/enter", headers=forged)
        assert connection.getresponse().status == 403, "not a proxy that is named"


@pytest.mark.parametrize(
    "half",
    [
        b"GET /enter HTTP/1.1\r\nHost: localhost\r\nX-",
        b"POST /verify HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nfile",
    ],
    ids=["headers", "body"],
)
def test_half_a_request_ends_at_the_proxy(server: Server, tmp_path: Path, half: bytes) -> None:
    with (
        nginx(server.port, folder=tmp_path / "nginx", patience="1s") as front,
        socket.create_connection(("127.0.0.1", front.port), timeout=120) as plain,
        trusting(front).wrap_socket(plain, server_hostname=NAME) as connection,
    ):
        connection.sendall(half)
        told = b""
        while part := connection.recv(4096):
            told += part
        assert not told or told.startswith(b"HTTP/1.1 408")
