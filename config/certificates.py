"""The certificates of the line to a broker: whom this machine believes, and with what it proves itself.

The files are read anew for each connection: who renews a certificate replaces its files, and
nothing has to be started again. Dates of one's own certificate are left to the broker to judge,
whose clock is right; when it has refused, `ClientTls.why` says which file is at fault and what to
do about it.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import NameOID

_PUBLIC: Final = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


class CertificateError(OSError):
    """A file cannot be used; the message names it and says what to do. An OSError, as all that stops a connection."""


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """PEM files. Without `ca_file` the system's authorities count; without `key_file` the key is in `cert_file`."""

    ca_file: Path | None = None
    cert_file: Path | None = None
    key_file: Path | None = None

    def context(self) -> ssl.SSLContext:
        """For a client, chain and name of the server always checked. Raises CertificateError."""
        if faults := self.faults():
            raise CertificateError("; ".join(faults))
        try:
            made = ssl.create_default_context(cafile=None if self.ca_file is None else str(self.ca_file))
            if self.cert_file is not None:
                made.load_cert_chain(self.cert_file, self.key_file)
        except OSError as exc:  # replaced since they were checked, or of a kind that OpenSSL alone refuses
            named = ", ".join(str(file) for file in (self.ca_file, self.cert_file, self.key_file) if file)
            raise CertificateError(f"{named}: không dùng được / cannot be used ({exc})") from exc
        return made

    def faults(self) -> list[str]:
        """What is missing, is not what it should be or does not fit; of a certificate and its key the first fault."""
        found = []
        for judge in (self._judge_authorities, self._judge_own):
            try:
                judge()
            except CertificateError as exc:
                found.append(str(exc))
        return found

    def _judge_authorities(self) -> None:
        if self.ca_file is not None:
            _certificates("ca_file", self.ca_file)

    def _judge_own(self) -> None:
        own = self.own()
        if own is not None and self.cert_file is not None:
            _check_key(own, self.cert_file, self.key_file or self.cert_file)
        elif self.key_file is not None:
            raise CertificateError(
                f"key_file {self.key_file}: thiếu cert_file đi kèm / cert_file, which it belongs to, is missing"
            )

    def own(self) -> x509.Certificate | None:
        """The certificate shown to the broker. Raises CertificateError."""
        return None if self.cert_file is None else _certificates("cert_file", self.cert_file)[0]


def _read(field: str, file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as exc:
        raise CertificateError(
            f"{field} {file}: không đọc được, hãy đặt tệp vào đó và cho phép đọc / cannot be read, put the file there "
            f"and let this program read it ({exc.strerror})"
        ) from exc


def _certificates(field: str, file: Path) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(_read(field, file))
    except ValueError as exc:
        raise CertificateError(f"{field} {file}: không phải chứng thư PEM / is not a certificate in PEM form") from exc


def _check_key(own: x509.Certificate, cert_file: Path, key_file: Path) -> None:
    named = f"{'cert_file' if key_file == cert_file else 'key_file'} {key_file}"
    try:
        key = serialization.load_pem_private_key(_read("key_file", key_file), None)
    except TypeError as exc:  # OpenSSL would ask for it on the terminal
        raise CertificateError(f"{named}: khoá có mật khẩu, hãy bỏ mật khẩu / has a passphrase, take it off") from exc
    except ValueError as exc:
        raise CertificateError(f"{named}: không có khoá PEM trong tệp / holds no private key in PEM form") from exc
    if key.public_key().public_bytes(*_PUBLIC) != own.public_key().public_bytes(*_PUBLIC):
        raise CertificateError(
            f"{named}: không phải khoá của chứng thư, hãy thay cả hai tệp / is not the key of cert_file {cert_file}, "
            "replace both"
        )


class ClientTls:
    """TLS towards a broker that knows this client as `name`. `context` is for paho, which takes one for its life.

    `flags` says how a new connection judges the broker's certificate (a screen whose clock is unsure lets dates go).
    """

    def __init__(self, files: TlsFiles, name: str, flags: Callable[[], ssl.VerifyFlags] | None = None) -> None:
        self._files = files
        self._name = name
        self._flags = flags
        self._problem: OSError | None = None
        self.context: ssl.SSLContext = _FreshContext(self._make, self._note)

    def why(self, now: datetime, *, ended: bool = False) -> str:
        """What was wrong with the last connection and what to do, once; empty where TLS is not to blame.

        `ended`: the broker ended a line that stood before it had taken the client in, maybe without a word.
        """
        problem, self._problem = self._problem, None
        if isinstance(problem, CertificateError):
            return str(problem)
        if isinstance(problem, ssl.SSLCertVerificationError):
            return self._stranger(problem)
        if problem is None and not ended:
            return ""
        said = f"{problem.reason or problem}: " if isinstance(problem, ssl.SSLError) else ""
        return said + self._refused(now)

    def misnamed(self) -> str:
        """What to do if the certificate names somebody else: a broker that goes by it then knows another client."""
        try:
            own = self._files.own()
        except CertificateError:
            return ""
        if own is None or _common_name(own) == self._name:
            return ""
        return self._about(
            f"cấp cho {_common_name(own)!r} chứ không phải {self._name!r} (CN), hãy xin chứng thư khác",
            f"is made out to {_common_name(own)!r} and not to {self._name!r} (CN), have another one issued",
        )

    def _make(self) -> ssl.SSLContext:
        made = self._files.context()
        if self._flags is not None:
            made.verify_flags = self._flags()
        return made

    def _note(self, problem: OSError) -> None:
        self._problem = problem

    def _stranger(self, problem: ssl.SSLCertVerificationError) -> str:
        return (
            "chứng thư của máy chủ MQTT không được tin, hãy xem lại ca_file và chứng thư đó / the broker's certificate "
            f"is not believed, check it and ca_file {self._files.ca_file or '(null)'} ({problem.verify_message})"
        )

    def _refused(self, now: datetime) -> str:
        try:
            own = self._files.own()
        except CertificateError as exc:
            return str(exc)
        if own is None:
            return (
                "nếu máy chủ MQTT đòi chứng thư thì đặt cert_file và key_file / if the broker asks for a certificate, "
                "set cert_file and key_file"
            )
        if now > own.not_valid_after_utc:
            end = f"{own.not_valid_after_utc:%Y-%m-%d %H:%M} UTC"
            return self._about(f"hết hạn {end}, hãy thay chứng thư mới", f"expired {end}, put a renewed one there")
        if now < own.not_valid_before_utc:
            start = f"{own.not_valid_before_utc:%Y-%m-%d %H:%M} UTC"
            return self._about(
                f"chưa có hiệu lực trước {start}, hãy xem lại đồng hồ", f"not valid before {start}, check the clock"
            )
        return self.misnamed() or self._about(
            "máy chủ MQTT không nhận, phải do CA trong cafile của máy chủ cấp và chưa bị thu hồi",
            "the broker does not take it, an authority in the broker's cafile must have issued it, and nobody revoked "
            f"it (issuer: {own.issuer.rfc4514_string()})",
        )

    def _about(self, vietnamese: str, english: str) -> str:
        return f"cert_file {self._files.cert_file}: {vietnamese} / {english}"


def _common_name(certificate: x509.Certificate) -> str:
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else ""


class _FreshContext(ssl.SSLContext):
    """Stands for a context made anew at each connection; what fails on a connection is noted as well as raised.

    With TLS 1.3 the broker judges a client's certificate after the handshake: its refusal is read, not met in it.
    """

    def __new__(cls, make: Callable[[], ssl.SSLContext], note: Callable[[OSError], None]) -> _FreshContext:
        return super().__new__(cls, ssl.PROTOCOL_TLS_CLIENT)

    def __init__(self, make: Callable[[], ssl.SSLContext], note: Callable[[OSError], None]) -> None:
        self._make = make
        self._note = note

    def wrap_socket(self, sock: socket.socket, *args: Any, **options: Any) -> ssl.SSLSocket:
        try:
            made = self._make()
        except OSError as exc:
            self._note(exc)
            raise
        made.sslsocket_class = _NotedSocket
        wrapped = made.wrap_socket(sock, *args, **options)
        if isinstance(wrapped, _NotedSocket):
            wrapped.note = self._note
        return wrapped


def _forget(problem: OSError) -> None:
    """Before anybody listens."""


class _NotedSocket(ssl.SSLSocket):
    note: Callable[[OSError], None] = staticmethod(_forget)

    def do_handshake(self, block: bool = False) -> None:
        try:
            super().do_handshake(block)
        except ssl.SSLError as exc:
            self._tell(exc)
            raise

    def read(self, len: int = 1024, buffer: Any = None) -> Any:  # noqa: A002 - the name it has there
        try:
            return super().read(len, buffer)
        except ssl.SSLError as exc:
            self._tell(exc)
            raise

    def _tell(self, problem: ssl.SSLError) -> None:
        if not isinstance(problem, (ssl.SSLWantReadError, ssl.SSLWantWriteError)):
            self.note(problem)
