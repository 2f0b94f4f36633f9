"""Certificate files: each fault named with its file and what to do; TLS that blames the right one."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.certificates import CertificateError, ClientTls, TlsFiles
from tests.authority import EXPIRED, NOW_ON, Authority, new_key, pem

NOW = datetime.now(UTC)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "authority")


@pytest.fixture
def files(authority: Authority, tmp_path: Path) -> TlsFiles:
    pair = authority.issue("s-one", tmp_path)
    return TlsFiles(authority.ca_file, pair.cert_file, pair.key_file)


def test_files_that_fit_make_a_context_that_checks_chain_and_name(files: TlsFiles) -> None:
    assert files.faults() == []
    made = files.context()
    assert (made.verify_mode, made.check_hostname) == (ssl.CERT_REQUIRED, True)


def test_the_key_may_be_in_the_file_of_the_certificate(files: TlsFiles, tmp_path: Path) -> None:
    assert files.cert_file is not None
    assert files.key_file is not None
    for name, parts in (("a", (files.cert_file, files.key_file)), ("b", (files.key_file, files.cert_file))):
        both = tmp_path / f"{name}.pem"
        both.write_bytes(b"".join(part.read_bytes() for part in parts))
        TlsFiles(files.ca_file, both).context()


def test_without_files_the_authorities_of_the_system_count() -> None:
    assert TlsFiles().context().verify_mode is ssl.CERT_REQUIRED


Spoil = Callable[[TlsFiles], TlsFiles]


def with_bytes(field: str, data: bytes) -> Spoil:
    def spoil(files: TlsFiles) -> TlsFiles:
        getattr(files, field).write_bytes(data)
        return files

    return spoil


def without(field: str) -> Spoil:
    def spoil(files: TlsFiles) -> TlsFiles:
        getattr(files, field).unlink()
        return files

    return spoil


@pytest.mark.parametrize(
    ("spoil", "field", "words"),
    [
        (without("ca_file"), "ca_file", "No such file"),
        (without("cert_file"), "cert_file", "No such file"),
        (without("key_file"), "key_file", "No such file"),
        (with_bytes("ca_file", b""), "ca_file", "not a certificate in PEM form"),
        (with_bytes("cert_file", b"\x30\x82"), "cert_file", "not a certificate in PEM form"),
        (with_bytes("cert_file", b"-----BEGIN CERTIFICATE-----\nAAAA\n"), "cert_file", "not a certificate in PEM form"),
        (with_bytes("key_file", b"secret"), "key_file", "holds no private key in PEM form"),
        (with_bytes("key_file", pem(new_key())), "key_file", "replace both"),
        (with_bytes("key_file", pem(new_key(), b"open")), "key_file", "passphrase"),
        (lambda files: replace(files, cert_file=None), "key_file", "cert_file"),
        (lambda files: replace(files, key_file=None), "cert_file", "holds no private key in PEM form"),
    ],
    ids=["no ca", "no cert", "no key", "empty ca", "cert in DER", "torn cert", "no key inside", "foreign key",
         "locked key", "key alone", "key left out"],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_named_with_what_to_do(
    spoil: Spoil, field: str, words: str, files: TlsFiles
) -> None:
    spoilt = spoil(files)
    with pytest.raises(CertificateError) as caught:
        spoilt.context()
    [fault] = spoilt.faults()
    assert fault == str(caught.value)
    assert fault.startswith(f"{field} {getattr(spoilt, field)}: ")
    assert words in fault
    assert " / " in fault


def test_faults_of_both_sides_are_told_at_once(files: TlsFiles) -> None:
    spoilt = without("ca_file")(without("key_file")(files))
    assert [fault.split()[0] for fault in spoilt.faults()] == ["ca_file", "key_file"]


def test_nothing_failed_nothing_to_tell(files: TlsFiles) -> None:
    assert ClientTls(files, "s-one").why(NOW) == ""


@pytest.mark.parametrize(
    ("name", "days", "now", "words"),
    [
        ("s-one", EXPIRED, NOW, "put a renewed one there"),
        ("s-one", NOW_ON, NOW + timedelta(days=31), "put a renewed one there"),
        ("s-one", NOW_ON, NOW - timedelta(days=2), "check the clock"),
        ("s-two", NOW_ON, NOW, "is made out to 's-two' and not to 's-one'"),
        ("s-one", NOW_ON, NOW, "an authority in the broker's cafile must have issued it"),
    ],
)
def test_a_line_ended_without_a_word_is_explained_by_ones_own_certificate(
    *, name: str, days: tuple[int, int], now: datetime, words: str, authority: Authority, tmp_path: Path
) -> None:
    pair = authority.issue(name, tmp_path, days)
    tls = ClientTls(TlsFiles(authority.ca_file, pair.cert_file, pair.key_file), "s-one")
    told = tls.why(now, ended=True)
    assert told.startswith(f"cert_file {pair.cert_file}: ")
    assert words in told


def test_how_the_broker_is_judged_is_asked_anew_for_each_connection(files: TlsFiles) -> None:
    """A screen's clock may become trusted between two of them."""
    asked: list[ssl.VerifyFlags] = []

    def flags() -> ssl.VerifyFlags:
        asked.append(ssl.VerifyFlags.VERIFY_X509_STRICT)
        return asked[-1]

    left, right = socket.socketpair()
    with left, right:
        wrapped = ClientTls(files, "s-one", flags).context.wrap_socket(
            left, server_hostname="127.0.0.1", do_handshake_on_connect=False
        )
        assert wrapped.context.verify_flags & ssl.VerifyFlags.VERIFY_X509_STRICT
        wrapped.close()
    assert len(asked) == 1
