"""A screen proves itself by certificate to a real Mosquitto, and is told which file is at fault where it fails."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.events import Connected, Disconnected, Sent
from config.certificates import ClientTls, TlsFiles
from player.enrolment import MqttAccess
from publisher.ports import free_port
from tests.agent.linked import Linked
from tests.agent.signer import SCREEN
from tests.authority import EXPIRED, Authority, StrictBroker, other_kind_of_key
from tests.mosquitto import find_mosquitto

ACL = "pattern read bangtin/v1/screen/%u/down/#\npattern write bangtin/v1/screen/%u/up/+\n"

pytestmark = pytest.mark.skipif(find_mosquitto() is None, reason="mosquitto is not installed")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module", params=["", "tlsv1.2"], ids=["newest", "tls 1.2"])
def broker(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, authority: Authority
) -> Iterator[StrictBroker]:
    folder = tmp_path_factory.mktemp("strict")
    (folder / "acl").write_text(ACL)
    broker = StrictBroker(folder / "broker", authority, folder / "acl", request.param)
    broker.start()
    yield broker
    broker.kill()


def line_to(port: int, files: TlsFiles) -> Linked:
    """A link that proves itself by `files`, judged as newer Pythons judge."""
    access = MqttAccess("127.0.0.1", port, SCREEN, "worth nothing here", tls=True)
    return Linked(access, ClientTls(files, SCREEN, lambda: ssl.VerifyFlags.VERIFY_X509_STRICT))


@pytest.fixture
def connect(broker: StrictBroker) -> Iterator[Any]:
    lines: list[Linked] = []

    def start(files: TlsFiles, port: int = 0) -> Linked:
        lines.append(line_to(port or broker.port, files).start())
        return lines[-1]

    yield start
    for line in lines:
        line.leave()


@pytest.fixture
def files(authority: Authority, tmp_path: Path) -> TlsFiles:
    pair = authority.issue(SCREEN, tmp_path)
    return TlsFiles(authority.ca_file, pair.cert_file, pair.key_file)


def test_its_certificate_lets_a_screen_in_under_its_own_name(connect: Any, files: TlsFiles) -> None:
    line = connect(files)
    line.next(Connected)
    line.link.publish("event", b"{}")
    assert not line.next(Sent).taken  # allowed, though nobody listens


def test_an_expired_certificate_is_named_and_a_renewed_one_taken(
    connect: Any, authority: Authority, files: TlsFiles, tmp_path: Path
) -> None:
    authority.issue(SCREEN, tmp_path, EXPIRED)
    line = connect(files)
    problem = line.next(Disconnected).problem
    assert f"cert_file {files.cert_file}: hết hạn" in problem
    assert "expired" in problem
    authority.issue(SCREEN, tmp_path)
    line.next(Connected)


def test_a_certificate_renewed_with_another_kind_of_key_is_taken_at_the_next_connection(
    connect: Any, broker: StrictBroker, authority: Authority, files: TlsFiles, tmp_path: Path
) -> None:
    """One context given a second certificate may go on showing the first."""
    line = connect(files)
    line.next(Connected)
    authority.issue(SCREEN, tmp_path, EXPIRED, key=other_kind_of_key())
    broker.restart()
    while "expired" not in (problem := line.next(Disconnected).problem):
        assert str(files.cert_file) not in problem
    authority.issue(SCREEN, tmp_path, key=other_kind_of_key())
    line.next(Connected)


def test_a_certificate_of_a_foreign_authority_is_named(connect: Any, tmp_path: Path, authority: Authority) -> None:
    foreign = Authority(tmp_path / "foreign", "Somebody").issue(SCREEN, tmp_path)
    problem = connect(TlsFiles(authority.ca_file, foreign.cert_file, foreign.key_file)).next(Disconnected).problem
    assert f"cert_file {foreign.cert_file}: máy chủ MQTT không nhận" in problem
    assert "issuer: CN=Somebody" in problem


def test_who_shows_no_certificate_is_told_to_set_one(connect: Any, authority: Authority) -> None:
    assert "set cert_file and key_file" in connect(TlsFiles(authority.ca_file)).next(Disconnected).problem


def test_a_broker_of_a_foreign_authority_is_not_believed(connect: Any, tmp_path: Path, files: TlsFiles) -> None:
    other = Authority(tmp_path / "other").ca_file
    problem = connect(TlsFiles(other, files.cert_file, files.key_file)).next(Disconnected).problem
    assert f"ca_file {other}" in problem
    assert "is not believed" in problem


def test_a_certificate_for_another_screen_hears_nothing_and_is_named(
    connect: Any, authority: Authority, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    other = authority.issue("s-other1", tmp_path)
    line = connect(TlsFiles(authority.ca_file, other.cert_file, other.key_file))
    line.next(Connected)
    assert f"cert_file {other.cert_file}: cấp cho 's-other1' chứ không phải '{SCREEN}'" in caplog.text


def test_files_that_are_put_in_place_later_are_taken_without_a_restart(
    connect: Any, authority: Authority, files: TlsFiles, tmp_path: Path
) -> None:
    assert files.cert_file is not None
    files.cert_file.unlink()
    line = connect(files)
    assert f"cert_file {files.cert_file}: không đọc được" in line.next(Disconnected).problem
    authority.issue(SCREEN, tmp_path)
    line.next(Connected)


def test_a_broker_that_is_away_is_no_fault_of_the_certificates(connect: Any, files: TlsFiles) -> None:
    problem = connect(files, free_port()).next(Disconnected).problem
    assert "refused" in problem
    assert "cert_file" not in problem
