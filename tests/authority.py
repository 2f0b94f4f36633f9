"""An authority of a test's own, and a real Mosquitto that lets in only who bears a certificate of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import NameOID

from tests.mosquitto import Mosquitto

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


class StrictBroker(Mosquitto):
    """Mosquitto as README describes it for production: a name is what the certificate says."""

    def __init__(self, folder: Path, authority: Authority, acl_file: Path, tls: str = "") -> None:
        folder.mkdir(parents=True)
        server = authority.issue("broker", folder)
        super().__init__(
            folder,
            f"cafile {authority.ca_file}\ncertfile {server.cert_file}\nkeyfile {server.key_file}\n"
            f"require_certificate true\nuse_identity_as_username true\nacl_file {acl_file}\n"
            + (f"tls_version {tls}\n" if tls else ""),
        )
