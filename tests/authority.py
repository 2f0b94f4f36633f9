"""An authority of a test's own, and a real Mosquitto that lets in only who bears a certificate of it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import NameOID

from drivers.process import die_with_parent
from publisher.ports import free_port
from tests.waiting import eventually

NOW_ON: Final = (-1, 30)
EXPIRED: Final = (-30, -1)
_SIGNS: Final = x509.KeyUsage(
    key_cert_sign=True, crl_sign=True, digital_signature=False, content_commitment=False, key_encipherment=False,
    data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
)  # fmt: skip
Key = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


def new_key() -> Key:
    return ec.generate_private_key(ec.SECP256R1())


def other_kind_of_key() -> Key:
    return ed25519.Ed25519PrivateKey.generate()


def pem(key: Key, passphrase: bytes = b"") -> bytes:
    lock = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


@dataclass(frozen=True)
class Pair:
    """A certificate and its key in two files."""

    cert_file: Path
    key_file: Path


@dataclass
class Authority:
    """Signs certificates; `ca_file` is its own."""

    folder: Path
    name: str = "Xã Tân Khai"
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.ca_file = self.folder / "ca.pem"
        made = self._about(self.name, self.key, NOW_ON).add_extension(x509.BasicConstraints(True, 0), critical=True)
        made = made.add_extension(_SIGNS, critical=True)
        self.ca_file.write_bytes(made.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))

    def issue(self, name: str, folder: Path, days: tuple[int, int] = NOW_ON, key: Key | None = None) -> Pair:
        """A certificate for `name` on loopback, valid so many days from and to now; files of that name are replaced."""
        key = key or new_key()
        builder = self._about(name, key, days).add_extension(x509.BasicConstraints(False, None), critical=True)
        loopback = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
        made = builder.add_extension(loopback, critical=False).sign(self.key, hashes.SHA256())
        pair = Pair(folder / f"{name}.pem", folder / f"{name}.key")
        for path, data in ((pair.cert_file, made.public_bytes(serialization.Encoding.PEM)), (pair.key_file, pem(key))):
            fresh = path.with_suffix(".new")
            fresh.write_bytes(data)
            fresh.replace(path)
        return pair

    def _about(self, name: str, key: Key, days: tuple[int, int]) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(_named(name))
            .issuer_name(_named(self.name))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + timedelta(days=days[0]))
            .not_valid_after(now + timedelta(days=days[1]))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
        )


def find_mosquitto() -> str | None:
    """Where the broker is installed; Debian keeps it where only root looks."""
    return shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


class StrictBroker:
    """Mosquitto as README describes it for production: a name is what the certificate says."""

    def __init__(self, folder: Path, authority: Authority, acl_file: Path, tls: str = "") -> None:
        self.port = free_port()
        self._folder = folder
        folder.mkdir(parents=True)
        server = authority.issue("broker", folder)
        (folder / "mosquitto.conf").write_text(
            f"listener {self.port} 127.0.0.1\n"
            f"cafile {authority.ca_file}\ncertfile {server.cert_file}\nkeyfile {server.key_file}\n"
            "require_certificate true\nuse_identity_as_username true\nuse_username_as_clientid true\n"
            f"acl_file {acl_file}\nallow_anonymous false\npersistence false\nset_tcp_nodelay true\nlog_dest stderr\n"
            + (f"tls_version {tls}\n" if tls else "")
            + ("user root\n" if os.geteuid() == 0 else "")
        )
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin to listen; `acl_file` has to be there."""
        parent = os.getpid()
        with (self._folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [str(find_mosquitto()), "-c", str(self._folder / "mosquitto.conf")], stderr=log,
                preexec_fn=lambda: die_with_parent(parent),  # noqa: PLW1509 - the child only sets a flag
            )  # fmt: skip
        eventually(self._listens, "the broker's start")

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def reload(self) -> None:
        """Read the access rules again."""
        assert self.process is not None
        self.process.send_signal(signal.SIGHUP)

    def restart(self) -> None:
        """Everybody has to connect anew."""
        self.stop()
        self.start()

    def _listens(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), 0.5).close()
        except OSError:
            return False
        return True
