"""Identity providers on this machine: an honest one, a process of its own, and one that lies in one way."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import requests
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.proxy import free_port

CLIENT = "haetae"


def settings(home: Path, issuer: str, more: str = "") -> None:
    """oidc.yaml and the secret that it names."""
    secret = home / "oidc.secret"
    secret.write_text("a secret of the client\n", "utf-8")
    secret.chmod(0o600)
    written = f"issuer: {issuer}\nclient_id: {CLIENT}\nclient_secret_file: oidc.secret\n{more}"
    (home / "oidc.yaml").write_text(written, "utf-8")


@contextmanager
def honest(*users: dict[str, Any]) -> Iterator[str]:
    """The issuer of a provider that is another program. users: claims, each with `sub`."""
    port = free_port()
    known = [word for user in users for word in ("--user-claims", json.dumps(user))]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), *known]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    issuer = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            assert process.poll() is None
            try:
                requests.get(f"{issuer}/.well-known/openid-configuration", timeout=30)
                break
            except requests.ConnectionError:
                time.sleep(0.1)
        yield issuer
    finally:
        process.terminate()
        process.wait(timeout=60)


def agreed(address: str, subject: str) -> dict[str, str]:
    """What comes back to us from an honest provider once somebody has signed in there and agreed."""
    answer = requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=60)
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


@cache
def own_key() -> RSAKey:
    """Of every provider of a run: making one takes longer than most tests."""
    return RSAKey.generate_key(2048, {"kid": "own"})


@dataclass
class Liar:
    """A provider that signs what it is told to."""

    claims: dict[str, Any] = field(default_factory=dict)
    """Instead of the right ones; None leaves one out."""
    key: Any = field(default_factory=own_key)
    signs_with: Any = None
    """Another key than the published one."""
    algorithm: str = "RS256"
    stated_issuer: str = ""
    """In its settings, instead of its own."""
    issuer: str = ""
    nonce: str = ""
    challenge: str = ""

    def settings(self) -> dict[str, Any]:
        own = {name: f"{self.issuer}/{name}" for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
        algorithms = ["RS256", "HS256", "none"]
        return {"issuer": self.stated_issuer or self.issuer, "id_token_signing_alg_values_supported": algorithms, **own}

    def token(self, sent: dict[str, str]) -> dict[str, Any]:
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        assert _encoded(digest) == self.challenge, "PKCE"
        now = int(time.time())
        right = {"iss": self.issuer, "sub": "s-1", "aud": CLIENT, "iat": now, "exp": now + 60, "nonce": self.nonce}
        claims = {name: value for name, value in (right | self.claims).items() if value is not None}
        return {"access_token": "a", "token_type": "Bearer", "id_token": self._signed(claims)}

    def _signed(self, claims: dict[str, Any]) -> str:
        header = {"alg": self.algorithm, "kid": "own"}
        if self.algorithm == "RS256":
            return jwt.encode(header, claims, self.signs_with or self.key)
        body = ".".join(_encoded(json.dumps(part).encode()) for part in (header, claims))
        if self.algorithm == "none":
            return body + "."
        # the public key, taken for a secret that both sides share
        return f"{body}.{_encoded(hmac.digest(self.key.as_pem(private=False), body.encode(), 'sha256'))}"


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


@contextmanager
def lying(liar: Liar) -> Iterator[str]:
    """Its issuer."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_key = self.path == "/jwks_uri"
            self._say({"keys": [liar.key.as_dict(private=False)]} if is_key else liar.settings())

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["content-length"])).decode()
            self._say(liar.token({name: values[0] for name, values in parse_qs(sent).items()}))

        def _say(self, data: dict[str, Any]) -> None:
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(data).encode())

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    liar.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield liar.issuer
    finally:
        server.shutdown()
        server.server_close()


def asked_of(liar: Liar, address: str) -> str:
    """What the liar learns from the address that a browser is sent to; the state that it has to give back."""
    query = dict(parse_qsl(urlsplit(address).query))
    assert query["code_challenge_method"] == "S256" and query["response_type"] == "code"
    liar.nonce, liar.challenge = query["nonce"], query["code_challenge"]
    return query["state"]
