"""Claiming a screen: the code's secret goes to the publisher, the code's hash judges the answer.

The same device may ask again with the same code when the answer was lost, which is why its device
id is on the disk before the first request leaves.
"""

from __future__ import annotations

import json
import secrets
import ssl
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

import requests
from urllib3.exceptions import HTTPError

from agent import trust
from agent.disk import PRIVATE
from agent.fetch import open_session
from agent.identity import Identity, save
from drivers.disk import replace_file
from player import claimcode
from player.enrolment import ClaimAnswer, ClaimRequest
from player.wire import WireError, decode, encode

DEVICE: Final = "device"  # in the state folder: this device's own name towards the publisher
_ANSWER_LIMIT_B: Final = 64 * 1024
_LIMIT_S: Final = 20.0


class ClaimError(Exception):
    """The screen was not claimed; the message, Vietnamese and English, says why."""


def claim(
    publisher: str,
    code: str,
    state_dir: Path,
    panel: str,
    size_px: tuple[int, int],
    *,
    tls: ssl.SSLContext | None = None,
) -> Identity:
    """Exchange a claim code for an identity and keep it. Raises ClaimError, claimcode.ClaimCodeError."""
    parsed = claimcode.parse(code)
    request = ClaimRequest(
        secret=parsed.secret, device=device_id(state_dir), panel=panel, width_px=size_px[0], height_px=size_px[1]
    )
    answer = _ask(publisher, request, tls)
    if not parsed.vouches_for(answer.root):
        raise ClaimError(
            "Máy chủ trả lời bằng khoá gốc khác với mã nhận bảng: có kẻ giả mạo trên mạng. / The answer came with "
            "another root key than the claim code vouches for: somebody in the network is impersonating the publisher."
        )
    try:
        trust.stored_keys(answer.keys.encode(), answer.root)
    except trust.Refusal as exc:
        raise ClaimError(f"Bộ khoá không đúng / the key set in the answer is not right: {exc}") from exc
    identity = Identity(publisher=publisher, answer=answer)
    save(state_dir, identity)
    return identity


def device_id(state_dir: Path) -> str:
    """This device's id, made once."""
    file = state_dir / DEVICE
    try:
        known = file.read_text("ascii").strip()
    except (FileNotFoundError, UnicodeDecodeError):
        known = ""
    if len(known) < 16:
        known = secrets.token_hex(16)
        replace_file(file, known.encode(), PRIVATE)
    return known


def _ask(publisher: str, request: ClaimRequest, tls: ssl.SSLContext | None) -> ClaimAnswer:
    url = urljoin(publisher.rstrip("/") + "/", "device/v1/claim")
    headers = {"Content-Type": "application/json"}
    try:
        with open_session(publisher, tls) as session:
            response = session.post(
                url, data=encode(request), headers=headers, timeout=_LIMIT_S, allow_redirects=False, stream=True
            )
            body = response.raw.read(_ANSWER_LIMIT_B)
            response.close()
    except (requests.RequestException, HTTPError, OSError) as exc:  # a raw body breaks off in urllib3's own words
        raise ClaimError(f"Không kết nối được với / cannot reach {url}: {exc}") from exc
    if response.status_code != requests.codes.ok:
        raise ClaimError(_reason(response, body))
    try:
        return decode(body, ClaimAnswer)
    except WireError as exc:
        raise ClaimError(f"Máy chủ trả lời không đúng / {url} gave no claim answer: {exc}") from exc


def _reason(response: requests.Response, body: bytes) -> str:
    """The publisher's own words where it gives any, else the status."""
    try:
        words = str(json.loads(body)["message"])[:500]
    except (ValueError, KeyError, TypeError):
        words = f"HTTP {response.status_code}"
    return f"Máy chủ từ chối mã nhận bảng / the publisher refused the claim code: {words}"
