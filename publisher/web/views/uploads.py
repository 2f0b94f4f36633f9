"""Files on their way in, and small pictures of those that are there."""

from __future__ import annotations

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from publisher.media import apps as media
from publisher.media.models import Asset, Upload
from publisher.media.reasons import told
from publisher.media.store import RefusedError, Store
from publisher.web import preview
from publisher.web.views.common import changed_fields, me


@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """A picture; the answer is the field's new content, which asks again while a worker looks at the file."""
    if request.POST.get("forget"):
        return changed_fields(_field(request))
    sent = request.FILES.get("file")
    if not isinstance(sent, UploadedFile):
        return _field(request, reason="missing")
    _store().sweep(timezone.now())
    try:
        upload = _store().receive(me(request), sent.name or "", sent.chunks())
    except RefusedError as refused:
        return _field(request, reason=refused.reason)
    return _field(request, upload)


def state(request: HttpRequest, uid: str) -> HttpResponse:
    """How far the check of an upload has come."""
    return _field(request, _store().settle(get_object_or_404(Upload, pk=uid, owner=me(request))))


def chosen(request: HttpRequest, slot: str) -> HttpResponse:
    """The field of a file that is stored, for a form that is filled in again; empty if there is none such."""
    kind = Asset.Kind.PICTURE if slot == "picture" else Asset.Kind.AUDIO
    asset = Asset.objects.filter(pk=request.GET.get("sha256", ""), kind=kind).first()
    if slot == "picture":
        return changed_fields(render(request, "web/parts/picture_field.html", {"picture": asset}))
    if slot not in ("audio", "audio2"):
        raise Http404
    return _audio(request, slot, asset=asset)


def waited_for(request: HttpRequest) -> Upload | None:
    """The file that was still being checked when the form was sent, as far as it has come by now."""
    upload = Upload.objects.filter(pk=request.POST.get("checking", ""), owner=me(request)).first()
    return upload and _store().settle(upload)


@require_POST
def receive_audio(request: HttpRequest) -> HttpResponse:
    """A recording of the first or the second text; the answer is its field again."""
    slot = "audio" if request.POST.get("slot") == "audio" else "audio2"
    if request.POST.get("forget"):
        return _audio(request, slot)
    sent = request.FILES.get("recording")
    if not isinstance(sent, UploadedFile):
        return _audio(request, slot, reason="audio")
    try:
        asset = _store().receive_audio(me(request), sent.name or "", sent.chunks())
    except RefusedError as refused:
        return _audio(request, slot, reason=refused.reason)
    return _audio(request, slot, asset=asset)


def thumbnail(request: HttpRequest, sha256: str) -> FileResponse:
    """A stored picture or recording, as it was brought."""
    asset = get_object_or_404(Asset, pk=sha256)
    path = preview.content_path(asset)
    if not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), content_type=asset.mime, headers={"Cache-Control": "private, max-age=86400"})


def _field(request: HttpRequest, upload: Upload | None = None, reason: str = "") -> HttpResponse:
    reason = upload.reason if upload is not None else reason
    context = {"upload": upload, "picture": upload.asset if upload else None, "error": told(reason, media.limits())}
    response = render(request, "web/parts/picture_field.html", context)
    return response if context["picture"] is None else changed_fields(response)


def _audio(request: HttpRequest, slot: str, asset: Asset | None = None, reason: str = "") -> HttpResponse:
    context = {"slot": slot, "audio": asset, "error": told(reason, media.limits())}
    return render(request, "web/parts/audio_field.html", context)


def _store() -> Store:
    return Store(settings.HOME, media.desk(), media.limits())
