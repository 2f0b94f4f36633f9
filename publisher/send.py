"""`bangtin send`: a text file as a bulletin, through the HTTP API, as another office's software would do it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import click
import requests

TIMEOUT_S: Final = 30.0
CHECK_S: Final = 180.0  # a long film takes the publisher a while to look at
BODY_LIMIT_B: Final = 200_000  # what is larger is not even sent


class RefusedError(click.ClickException):
    """The publisher refused; its own words are shown."""


class Publisher:
    """The API of one publisher as one person uses it."""

    def __init__(self, url: str, token: str, session: requests.Session | None = None) -> None:
        self._root = url.rstrip("/") + "/api/v1"
        self._session = session or requests.Session()
        if any(host in url for host in ("//127.", "//localhost", "//[::1]")):
            self._session.trust_env = False  # a proxy cannot reach this machine's own addresses
        self._session.headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str) -> Any:
        return self._ask("GET", path)

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        return self._ask("POST", path, body or {})

    def bring(self, file: Path, wait_s: float = CHECK_S) -> str:
        """The id of a picture, PDF, film or sound file for a bulletin. Raises RefusedError."""
        with file.open("rb") as opened:
            told = self._ask("POST", "/files", files={"file": (file.name, opened)})
        deadline = time.monotonic() + wait_s
        while told["status"] == "checking":
            if time.monotonic() > deadline:
                raise RefusedError(f"{file}: kiểm tra quá {wait_s:g} giây / not checked within {wait_s:g} s")
            time.sleep(0.2)
            told = self.get(f"/files/{told['upload']}")
        return str(told["id"])

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None, **kwargs: Any) -> Any:
        try:
            answer = self._session.request(method, self._root + path, json=body, timeout=TIMEOUT_S, **kwargs)
        except requests.RequestException as exc:
            raise RefusedError(f"{self._root}: {exc}") from exc
        if answer.ok:
            return answer.json()
        raise RefusedError(_words(answer))


def _words(answer: requests.Response) -> str:
    try:
        told = answer.json()
    except ValueError:
        return f"HTTP {answer.status_code}"
    if "message" not in told:
        return f"HTTP {answer.status_code}: {told.get('detail', '')}"
    return "\n".join(dict.fromkeys([*_lines(told, ""), *_lines(told, "_en")]))


def _lines(told: Mapping[str, Any], language: str) -> list[str]:
    """The headline and the details; only these where they repeat it."""
    headline, details = told["message" + language], told.get("details" + language, [])
    return list(details) if any(line.startswith(headline) for line in details) else [headline, *details]


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--url", required=True, envvar="BANGTIN_URL", help="The publisher's address.")
@click.option("--token", required=True, envvar="BANGTIN_TOKEN", help="The writer's API token (page Tài khoản).")
@click.option("--approve-token", envvar="BANGTIN_APPROVE_TOKEN", help="The approver's; then it goes on air at once.")
@click.option("--unit", help="Code of the unit; the token's own if it has just one.")
@click.option("--title", default="", help="A title.")
@click.option(
    "--image",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A picture, PDF, film or sound file to go with it.",
)
@click.option("--priority", type=click.Choice(["routine", "priority", "emergency"]), default="routine")
@click.option("--wait", "wait_s", type=float, default=0, help="Seconds to wait until every screen shows it.")
def send(
    *,
    file: Path,
    url: str,
    token: str,
    approve_token: str | None,
    unit: str | None,
    title: str,
    image: Path | None,
    priority: str,
    wait_s: float,
) -> None:
    """Send the text FILE as a bulletin: write it, submit it, and approve it if a second token is given."""
    words = read_text(file)
    writer = Publisher(url, token)
    body = {
        "unit": unit or only_unit(writer),
        "texts": [{"lang": "vi", "title": title, "body": words}],
        "priority": priority,
        "picture": writer.bring(image) if image is not None else None,
    }
    uid = str(writer.post("/bulletins", body)["uid"])
    if priority == "emergency":
        state = writer.post(f"/bulletins/{uid}/publish")
    else:
        state = writer.post(f"/bulletins/{uid}/submit")
        if approve_token:
            state = Publisher(url, approve_token).post(f"/bulletins/{uid}/approve")
    if wait_s and state["status"] == "on_air":
        state = wait_shown(lambda: writer.get(f"/bulletins/{uid}"), wait_s)
    click.echo(f"{uid} {state['status']} {state['url']}\n{state['delivery']['line']}")


def read_text(file: Path) -> str:
    """The file's text. Raises RefusedError for what is too large or not UTF-8."""
    raw = file.read_bytes()
    if len(raw) > BODY_LIMIT_B:
        raise RefusedError(f"{file}: {len(raw)} B; tối đa 60 kB / at most 60 kB")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise RefusedError(f"{file}: không phải UTF-8 / not UTF-8 ({exc.reason}, byte {exc.start})") from exc


def only_unit(writer: Publisher) -> str:
    """The one unit a token can be meant for. Raises RefusedError where there are several."""
    units = writer.get("/units")
    if len(units) != 1:
        raise RefusedError("Hãy nêu đơn vị bằng --unit / name the unit with --unit")
    return str(units[0]["code"])


def wait_shown(read: Callable[[], Any], wait_s: float) -> Any:
    """The state once every screen shows it. Raises RefusedError after `wait_s`."""
    deadline = time.monotonic() + wait_s
    while True:
        state = read()
        if state["delivery"]["screens"] and state["delivery"]["shown"] >= state["delivery"]["screens"]:
            return state
        if time.monotonic() > deadline:
            line = state["delivery"]["line"]
            raise RefusedError(f"Sau {wait_s:g} giây: {line} / not shown everywhere after {wait_s:g} s")
        time.sleep(0.2)
