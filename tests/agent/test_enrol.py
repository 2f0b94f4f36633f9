"""Claiming against a server that answers, refuses, loses the answer, or is somebody else."""

from __future__ import annotations

import stat
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace

from agent import identity
from agent.enrol import ClaimError, claim, device_id
from player import seal, wire
from player.claimcode import ClaimCodeError
from player.enrolment import ClaimAnswer, ClaimRequest, MqttAccess
from player.model import Unit
from tests.agent.signer import Signer
from tests.agent.web import Web


def answer(signer: Signer) -> ClaimAnswer:
    return ClaimAnswer(
        "s-test01", signer.root_hex, signer.key_envelope().decode(), "t0ken",
        MqttAccess("127.0.0.1", 1883, "s-test01", "geheim"), Unit("25357", "Xã Tân Khai"), ("25357",),
    )  # fmt: skip


def serve(web: Web, body: bytes, status: int = 200) -> None:
    def respond(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    web.answers["/device/v1/claim"] = respond


def ask(web: Web, code: str, folder: Path) -> identity.Identity:
    return claim(web.url, code, folder, "hdmi", (1920, 1080))


def test_a_claimed_screen_knows_who_it_is(web: Web, signer: Signer, code: str, tmp_path: Path) -> None:
    serve(web, wire.encode(answer(signer)))
    found = ask(web, code, tmp_path)
    assert identity.load(tmp_path) == found == identity.Identity(web.url, answer=found.answer)
    assert stat.S_IMODE((tmp_path / "identity.json").stat().st_mode) == 0o600
    request = wire.decode(web.bodies[0], ClaimRequest)
    assert request.secret == b"0123456789".hex()
    assert (request.panel, request.width_px, request.height_px) == ("hdmi", 1920, 1080)


def test_the_half_of_the_code_that_judges_never_leaves(web: Web, signer: Signer, code: str, tmp_path: Path) -> None:
    serve(web, wire.encode(answer(signer)))
    ask(web, code, tmp_path)
    assert code.replace("-", "")[16:].encode() not in web.bodies[0].upper()


def test_a_lost_answer_is_asked_for_again_by_the_same_device(
    web: Web, signer: Signer, code: str, tmp_path: Path
) -> None:
    serve(web, b"")
    with pytest.raises(ClaimError):
        ask(web, code, tmp_path)
    serve(web, wire.encode(answer(signer)))
    ask(web, code, tmp_path)
    first, second = (wire.decode(body, ClaimRequest) for body in web.bodies)
    assert first.device == second.device == device_id(tmp_path)


def test_another_root_key_than_the_codes_is_an_impostor(web: Web, signer: Signer, code: str, tmp_path: Path) -> None:
    impostor = type(signer)()
    serve(web, wire.encode(answer(impostor)))
    with pytest.raises(ClaimError, match="impersonating"):
        ask(web, code, tmp_path)
    with pytest.raises(identity.IdentityError):
        identity.load(tmp_path)


def test_a_key_set_of_another_root_is_refused(web: Web, signer: Signer, code: str, tmp_path: Path) -> None:
    stranger = Ed25519PrivateKey.generate()
    keys = seal.seal("keys", wire.encode(signer.keys()), stranger).decode()
    serve(web, wire.encode(replace(answer(signer), keys=keys)))
    with pytest.raises(ClaimError, match="signature"):
        ask(web, code, tmp_path)
    assert not (tmp_path / "identity.json").exists()


@pytest.mark.parametrize(
    ("status", "message"), [(403, "wrong, used or older than 24 hours"), (429, "Too many tries"), (503, "not ready")]
)
def test_a_refused_code_is_refused_in_the_publishers_words(
    web: Web, code: str, tmp_path: Path, status: int, message: str
) -> None:
    serve(web, f'{{"error": "x", "message": "{message}"}}'.encode(), status)
    with pytest.raises(ClaimError, match=message):
        ask(web, code, tmp_path)


@pytest.mark.parametrize("body", [b"<html>", b"{}", b"[]", b'{"screen": "s-x"}'])
def test_nonsense_is_no_answer(web: Web, code: str, tmp_path: Path, body: bytes) -> None:
    serve(web, body)
    with pytest.raises(ClaimError, match="no claim answer"):
        ask(web, code, tmp_path)


@pytest.mark.parametrize("body", [b"<html>", b"", b"[1]", b'{"error": 1}'])
def test_an_error_without_words_gives_its_status(web: Web, code: str, tmp_path: Path, body: bytes) -> None:
    serve(web, body, 502)
    with pytest.raises(ClaimError, match="HTTP 502"):
        ask(web, code, tmp_path)


def test_an_answer_that_breaks_off_is_said_so(web: Web, code: str, tmp_path: Path) -> None:
    def break_off(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(b"5\r\n{")
        handler.close_connection = True

    web.answers["/device/v1/claim"] = break_off
    with pytest.raises(ClaimError, match="cannot reach"):
        ask(web, code, tmp_path)


def test_a_mistyped_code_asks_nobody(web: Web, tmp_path: Path) -> None:
    with pytest.raises(ClaimCodeError):
        ask(web, "ABCD-EFGH", tmp_path)
    assert web.seen == []


def test_a_publisher_that_is_not_there_is_said_so(code: str, tmp_path: Path) -> None:
    with pytest.raises(ClaimError, match="cannot reach"):
        claim("http://127.0.0.1:9", code, tmp_path, "hdmi", (1920, 1080))


def test_a_device_keeps_its_name(tmp_path: Path) -> None:
    assert device_id(tmp_path) == device_id(tmp_path)
    (tmp_path / "device").write_bytes(b"\xff\x00")
    assert len(device_id(tmp_path)) == 32


@pytest.mark.parametrize("content", [b"", b"{", b'{"publisher": 1}'])
def test_a_damaged_identity_is_said_so(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "identity.json").write_bytes(content)
    with pytest.raises(identity.IdentityError, match=r"identity\.json"):
        identity.load(tmp_path)


def test_an_unclaimed_screen_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(identity.IdentityError, match="bangtin agent claim"):
        identity.load(tmp_path)
