"""What screens themselves ask for over HTTP: claim, keys, content; and the pictures they bring.

A screen proves itself by the bearer token of its claim. The same content may be read by staff.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from player import wire
from player.enrolment import ClaimRequest
from publisher.accounts.models import User
from publisher.broadcast import outbox
from publisher.broadcast.content import ContentStore
from publisher.broadcast.keys import Signer, key_store
from publisher.broadcast.link import BrokerAddress
from publisher.media.models import Asset
from publisher.screens import attempts, claims, ranges
from publisher.screens.models import Picture, Screen

PICTURE_LIMIT_B: Final = 4 * 1024 * 1024
CLAIM_LIMIT_B: Final = 4096
ADMITTED_S: Final = 2.0
_PNG: Final = b"\x89PNG\r\n\x1a\n"


@csrf_exempt
@login_not_required
@require_POST
def claim(request: HttpRequest) -> HttpResponse:
    """ClaimRequest in, ClaimAnswer out; 400 malformed, 403 refused, 429 too many tries, 503 no broker yet."""
    now, address = timezone.now(), str(request.META.get("REMOTE_ADDR", ""))
    if not attempts.allowed(address):
        return _error(429, "too-many", "Quá nhiều lần thử; hãy đợi 10 phút. / Too many tries; wait 10 minutes.")
    try:
        asked = wire.decode(request.read(CLAIM_LIMIT_B + 1), ClaimRequest)
        answer = claims.answer(asked, _signer(), _broker(), now)
    except wire.WireError as exc:
        return _error(400, "malformed", str(exc))
    except claims.ClaimRefusedError:
        attempts.note_failure(address)
        return _error(
            403, "refused",
            "Mã nhận bảng sai, đã dùng hoặc quá 24 giờ. / The claim code is wrong, used or older than 24 hours.",
        )  # fmt: skip
    except FileNotFoundError:
        return _error(503, "starting", "Máy chủ chưa sẵn sàng. / The publisher is not ready yet.")
    outbox.wait_done("access", answer.screen, ADMITTED_S)  # else the screen's first log-in comes too early
    return HttpResponse(wire.encode(answer), content_type="application/json", headers={"Cache-Control": "no-store"})


@login_not_required
@require_GET
def keys(_request: HttpRequest) -> HttpResponse:
    """The key set's envelope: public, and worth nothing without the root key it is checked against."""
    return HttpResponse(_signer().keyset, content_type="application/json")


@csrf_exempt
@login_not_required
@require_http_methods(["PUT"])
def picture(request: HttpRequest) -> HttpResponse:
    """A PNG of what the screen shows, at most 4 MB; the newest replaces the one before."""
    screen = screen_of(request)
    if screen is None:
        return _error(401, "token", "Bảng chưa được nhận. / This screen is not claimed.")
    png = request.read(PICTURE_LIMIT_B + 1)
    if len(png) > PICTURE_LIMIT_B:
        return _error(413, "size", f"A picture has at most {PICTURE_LIMIT_B} bytes.")
    if request.content_type != "image/png" or not png.startswith(_PNG) or png[12:16] != b"IHDR":
        return _error(415, "type", "A picture is a PNG file.")
    Picture.objects.update_or_create(screen=screen, defaults={"at": timezone.now(), "png": png})
    return HttpResponse(status=204)


@login_not_required
@require_http_methods(["GET", "HEAD"])
def content(request: HttpRequest, sha256: str) -> HttpResponseBase:
    """A file of the content store by its hash: whole, or one range of it. Content never changes under its name."""
    if screen_of(request) is None and not _staff(request):
        return _error(401, "token", "Cần quyền xem. / A right to see this is needed.")
    path = ContentStore(settings.HOME.content).find(sha256)
    if path is None:
        return _error(404, "unknown", f"There is no content {sha256}.")
    return ranges.respond(request, path, etag=f'"{sha256}"', content_type=_type_of(sha256, path))


def screen_of(request: HttpRequest) -> Screen | None:
    """The screen whose token the request bears, if it is in service."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not re.fullmatch(r"[A-Za-z0-9_-]{20,100}", token):
        return None
    digest = hashlib.sha256(token.encode()).hexdigest()
    screen = Screen.objects.filter(token_digest=digest, revoked=None).defer("health", "state", "pointer").first()
    return screen if screen is not None and constant_time_compare(screen.token_digest, digest) else None


def _staff(request: HttpRequest) -> bool:
    """Content has no unit: whoever may see anything at all may see what is (or is about to be) shown in public."""
    user = request.user
    return isinstance(user, User) and user.is_active and not user.must_change_password and user.memberships.exists()


def _signer() -> Signer:
    return key_store(settings.HOME.keys, settings.OPTIONS.root_key).load()


def _broker() -> claims.Broker:
    """Where screens find the broker. Raises FileNotFoundError while no supervisor runs."""
    address = BrokerAddress.load(settings.HOME.run)
    return claims.Broker(address.host, address.port, address.tls)


def _type_of(sha256: str, path: Path) -> str:
    if path.parent.name == "playlists":
        return "application/json"
    asset = Asset.objects.filter(pk=sha256).only("mime").first()
    return asset.mime if asset else "application/octet-stream"


def _error(status: int, code: str, message: str) -> JsonResponse:
    return JsonResponse({"error": code, "message": message}, status=status)
