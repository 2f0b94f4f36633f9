"""A member of staff without a browser: the same pages and forms that people use, over HTTP."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import requests

from publisher.demo.children import DemoError
from publisher.demo.said import said

TIMEOUT_S: Final = 30.0
_TOKEN: Final = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_UID: Final = re.compile(r"/(?:tin|khan-cap)/([A-Za-z0-9_-]+)")


class Staff:
    """One person's session. Every method raises DemoError with what the page said when a step is refused."""

    def __init__(self, url: str, username: str, password: str) -> None:
        self._url = url
        self._session = requests.Session()
        self._session.trust_env = False  # proxy variables are not for loopback
        self.username = username
        page = self._post("/dang-nhap", {"username": username, "password": password})
        if "/dang-nhap" in page.url:
            raise DemoError(f"{username}: {said(page.text)}")

    def change_password(self, old: str, new: str) -> None:
        """`new` in place of `old`, as everybody has to at the first log-in."""
        page = self._post("/mat-khau", {"old": old, "new": new})
        if page.status_code != requests.codes.ok or "/mat-khau" in page.url:
            raise DemoError(f"{self.username}: {said(page.text)}")

    def write(self, unit: str, body: str, **fields: Any) -> str:
        """Writes and submits a bulletin; its uid. `fields` are further fields of the form."""
        typed = {"unit": unit, "body": body, "priority": "routine", "speech_times": "2", "weekdays": list("1234567")}
        page = self._post("/soan-tin", {**typed, **fields, "action": "submit"})
        return self._uid_of(page, "/soan-tin")

    def alert(self, unit: str, body: str, level: int = 3, **fields: Any) -> str:
        """Writes an emergency up to its confirmation page; its uid. Nothing is on air yet."""
        typed = {"unit": unit, "body": body, "level": str(level), "hours": "1", "repeat_min": "60"}
        return self._uid_of(self._post("/khan-cap", {**typed, **fields}), "/khan-cap")

    def step(self, uid: str, verb: str, note: str = "") -> datetime:
        """One step of the workflow (approve, withdraw, publish, end …); the instant just before it was clicked."""
        self._fresh_token()
        clicked = datetime.now(UTC)
        page = self._send(f"/tin/{uid}/{verb}", {"note": note}, follow=False)
        if page.status_code != requests.codes.found or "/duyet" in page.headers.get("Location", ""):
            raise DemoError(f"{verb} {uid}: {said(self._get(page.headers.get('Location', '/')).text)}")
        return clicked

    def command(self, screen: str, verb: str) -> None:
        """One command to a screen (identify, test-pattern, restart, stop, release)."""
        self._fresh_token()
        page = self._send(f"/bang/{screen}/lenh/{verb}", {}, follow=False)
        if page.status_code != requests.codes.found:
            raise DemoError(f"{verb} {screen}: {page.status_code} {said(page.text)}")

    def upload_picture(self, name: str, data: bytes) -> str:
        """Uploads a picture and waits for its check; the hash the compose form wants."""
        self._fresh_token()
        page = self._send("/tep", {}, files={"file": (name, data)})
        for _ in range(600):
            found = re.search(r'name="picture"[^>]*value="([0-9a-f]{64})"', page.text)
            if found:
                return found.group(1)
            waiting = re.search(r'hx-get="(/tep/[^"]+)"', page.text)
            if waiting is None:
                break
            page = self._get(waiting.group(1))
        raise DemoError(f"{name}: {said(page.text)}")

    def upload_recording(self, name: str, data: bytes) -> str:
        """Uploads a recording; the hash the forms want."""
        self._fresh_token()
        page = self._send("/tep/ghi-am", {"slot": "audio"}, files={"recording": (name, data)})
        found = re.search(r'name="audio" value="([0-9a-f]{64})"', page.text)
        if found is None:
            raise DemoError(f"{name}: {said(page.text)}")
        return found.group(1)

    def decide(self, unit: str, **rules: str) -> None:
        """Sets the rules of a unit: those of its form that are named, all others back to the unit above."""
        page = self._post(f"/don-vi/{unit}", rules)
        if page.status_code != requests.codes.ok:
            raise DemoError(f"{unit}: {said(page.text)}")

    def page(self, path: str) -> str:
        """The text of any page."""
        return self._get(path).text

    # --- HTTP -----------------------------------------------------------------------------------------------------

    def _get(self, path: str) -> requests.Response:
        return self._session.get(self._url + path if path.startswith("/") else path, timeout=TIMEOUT_S)

    def _post(self, path: str, fields: Mapping[str, Any]) -> requests.Response:
        page = self._get(path)
        token = _TOKEN.search(page.text)
        if token is None:
            raise DemoError(f"{path}: {page.status_code} {said(page.text)}")
        return self._send(path, {**fields, "csrfmiddlewaretoken": token.group(1)})

    def _fresh_token(self) -> None:
        if "csrftoken" not in self._session.cookies:
            self._get("/")

    def _send(
        self, path: str, fields: Mapping[str, Any], *, follow: bool = True, files: Any = None
    ) -> requests.Response:
        token = self._session.cookies.get("csrftoken", "")
        headers = {"Referer": self._url + path, "X-CSRFToken": token}
        return self._session.post(
            self._url + path, data=fields, files=files, headers=headers, allow_redirects=follow, timeout=TIMEOUT_S
        )

    def _uid_of(self, page: requests.Response, form: str) -> str:
        found = _UID.search(page.url)
        if page.status_code != requests.codes.ok or found is None or page.url.endswith("/sua"):
            raise DemoError(f"{form}: {said(page.text)}")
        return found.group(1)


def new_password() -> str:
    """Four groups of four: 64 bits, easily typed."""
    return "-".join(secrets.token_hex(2) for _ in range(4))
