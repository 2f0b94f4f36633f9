"""TLS with a clock that may be wrong: dates are let go, chain and name never."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from agent import tls
from agent.fetch import Fetcher, FetchError
from agent.trust import digest

BODY = b"signed anyway"


def certificate(folder: Path, days: tuple[int, int], address: str = "127.0.0.1") -> Path:
    """A self-signed certificate valid from and to so many days from now, with its key in one file."""
    now = datetime.now(UTC)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "publisher")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{days[0]}-{address}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)

    def log_message(self, *args: object) -> None:
        """Quiet."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients break off here on purpose."""


Serve = Callable[[Path], str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    running: list[tuple[ThreadingHTTPServer, threading.Thread]] = []

    def start(file: Path) -> str:
        server = Server(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        running.append((server, thread))
        return f"https://127.0.0.1:{server.server_port}"

    yield start
    for server, thread in running:
        server.shutdown()
        server.server_close()
        thread.join()


def fetch(url: str, context: ssl.SSLContext) -> bytes:
    fetcher = Fetcher(url, "t", context)
    try:
        return fetcher.body("/x", len(BODY), digest(BODY))
    finally:
        fetcher.close()


@pytest.mark.parametrize("days", [(-20, -10), (10, 20)], ids=["expired", "not yet valid"])
def test_dates_are_judged_only_by_a_trusted_clock(serve: Serve, tmp_path: Path, days: tuple[int, int]) -> None:
    file = certificate(tmp_path, days)
    url = serve(file)
    with pytest.raises(FetchError, match="certificate"):
        fetch(url, tls.context(file, clock_trusted=True))
    assert fetch(url, tls.context(file, clock_trusted=False)) == BODY


def test_a_foreign_certificate_is_refused_whatever_the_clock(serve: Serve, tmp_path: Path) -> None:
    url = serve(certificate(tmp_path, (-1, 1)))
    other = certificate(tmp_path, (-2, 1))
    with pytest.raises(FetchError, match="certificate"):
        fetch(url, tls.context(other, clock_trusted=False))


def test_a_certificate_for_another_name_is_refused_whatever_the_clock(serve: Serve, tmp_path: Path) -> None:
    file = certificate(tmp_path, (-1, 1), "127.0.0.2")
    with pytest.raises(FetchError, match="certificate"):
        fetch(serve(file), tls.context(file, clock_trusted=False))


def test_the_judgement_of_dates_follows_the_clock(serve: Serve, tmp_path: Path) -> None:
    file = certificate(tmp_path, (-20, -10))
    url = serve(file)
    context = tls.context(file, clock_trusted=False)
    assert fetch(url, context) == BODY
    tls.check_time(context, True)
    with pytest.raises(FetchError, match="certificate"):
        fetch(url, context)
