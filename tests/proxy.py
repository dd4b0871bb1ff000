"""nginx as docs/deploy configures it, on loopback, with a certificate of a made authority."""

from __future__ import annotations

import ipaddress
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

ROOT = Path(__file__).resolve().parents[1]
CONFIGURATION = ROOT / "docs" / "deploy" / "nginx.conf"
SEVERAL = ROOT / "docs" / "deploy" / "nginx-servers.conf"
"""What stands there instead of one upstream."""
_UPSTREAM = re.compile(r"^upstream haetae \{.*?^\}\n", re.MULTILINE | re.DOTALL)
NGINX = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin") or "nginx"
NAME = "localhost"
AROUND = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
{user}
events {{ worker_connections 512; }}
http {{
    log_format upstream '$upstream_addr $status $request';
    access_log {folder}/access.log upstream;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/haetae.conf;
}}
"""


@dataclass(frozen=True)
class Front:
    """A running nginx."""

    port: int
    plain_port: int
    authority: Path
    """Certificate of the authority that issued nginx's."""
    folder: Path

    @property
    def address(self) -> str:
        return f"https://{NAME}:{self.port}"


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def nginx(*upstreams: int, folder: Path, patience: str = "") -> Iterator[Front]:
    """In front of a server on this port, or of two. patience: for half a request, instead of what is documented."""
    folder.mkdir(parents=True, exist_ok=True)
    front = Front(free_port(), free_port(), folder / "authority.pem", folder)
    issue(folder)
    (folder / "haetae.conf").write_text(configured(front, upstreams, patience), "utf-8")
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=user), "utf-8")
    process = subprocess.Popen([NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")], stderr=subprocess.DEVNULL)
    try:
        _wait(front.port, process, folder / "error.log")
        yield front
    finally:
        process.terminate()
        process.wait(timeout=60)


def configured(front: Front, upstreams: Sequence[int], patience: str) -> str:
    """The documented configuration with ports, name and certificate of the test, and nothing else changed."""
    text = CONFIGURATION.read_text("utf-8")
    if len(upstreams) > 1:
        several = SEVERAL.read_text("utf-8")
        text, count = _UPSTREAM.subn(lambda _: several, text)
        assert count == 1, "where it says to put it"
    for documented, own in (
        *((f"127.0.0.1:{8501 + number}", f"127.0.0.1:{port}") for number, port in enumerate(upstreams)),
        ("listen 443 ssl", f"listen 127.0.0.1:{front.port} ssl"),
        ("listen 80;", f"listen 127.0.0.1:{front.plain_port};"),
        ("return 308 https://haetae.example.kr$request_uri", f"return 308 {front.address}$request_uri"),
        ("server_name haetae.example.kr;", f"server_name {NAME};"),
        ("client_header_timeout 15s", f"client_header_timeout {patience or '15s'}"),
        ("client_body_timeout   30s", f"client_body_timeout {patience or '30s'}"),
        ("/etc/ssl/haetae/certificate.pem", str(front.folder / "certificate.pem")),
        ("/etc/ssl/haetae/key.pem", str(front.folder / "key.pem")),
    ):
        assert documented in text, documented
        text = text.replace(documented, own)
    return text


def issue(folder: Path) -> None:
    """authority.pem, and certificate.pem with key.pem that it issued for this name."""
    now = datetime.now(UTC)
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "An authority for tests")])

    def builder(subject: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .issuer_name(issuer)
            .subject_name(subject)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=30))
        )

    authority = (
        builder(issuer, authority_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(authority_key.public_key()), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    names = [x509.DNSName(NAME), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        builder(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)]), key.public_key())
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    (folder / "authority.pem").write_bytes(authority.public_bytes(Encoding.PEM))
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text("utf-8", "replace")
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
            return
        time.sleep(0.05)
    raise AssertionError("nginx does not answer")
