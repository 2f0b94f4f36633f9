"""Writing: the form, and beside it the real pixels, the spoken form and what the reader doubts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from publisher.accounts import rights
from publisher.bulletins import content, workflow
from publisher.bulletins.models import Bulletin
from publisher.bulletins.workflow import WorkflowError
from publisher.media import apps as media
from publisher.media.models import Upload
from publisher.media.reasons import told
from publisher.web import preview
from publisher.web.forms import ComposeForm, initial_of
from publisher.web.forms_pasted import repaired
from publisher.web.views import uploads
from publisher.web.views.common import changed_fields, me, say_lost, say_refusal, visible_bulletin, with_microphone


def new(request: HttpRequest) -> HttpResponse:
    """A new bulletin."""
    if not rights.has_anywhere(me(request), "write"):
        raise PermissionDenied
    typed, waiting = _sent(request)
    form = ComposeForm(me(request), typed)
    if _complete(form, waiting):
        try:
            bulletin = workflow.draft(form.unit_row(), me(request), form.content(), timezone.now())
            return _stored(request, bulletin, form)
        except WorkflowError as error:
            say_refusal(request, error)
    return _page(request, form, waiting=waiting)


def change(request: HttpRequest, uid: str) -> HttpResponse:
    """Go on writing a draft or a returned bulletin; of one on air a copy, which replaces it when approved."""
    bulletin = visible_bulletin(request, uid)
    if workflow.refusal(bulletin, "write", me(request)) is not None:
        return _copy(request, bulletin)
    stored = content.read(bulletin)
    if request.method != "POST":
        return _page(request, ComposeForm(me(request), initial=initial_of(bulletin, stored), stored=stored), bulletin)
    typed, waiting = _sent(request)
    form = ComposeForm(me(request), typed, stored=stored)
    if _complete(form, waiting):
        try:
            return _stored(request, workflow.edit(bulletin, me(request), form.content(), timezone.now()), form)
        except WorkflowError as error:
            say_refusal(request, error)
    return _page(request, form, bulletin, waiting)


@require_POST
def live(request: HttpRequest) -> HttpResponse:
    """The panel beside the form, for what is typed now."""
    form = ComposeForm(me(request), request.POST)
    form.is_valid()
    typed = form.cleaned_data
    panel = preview.Panel()
    if typed.get("unit") and "body" in typed:
        panel = preview.panel_for(preview.typed(form), media.desk())
    return render(request, "web/parts/live.html", {"panel": panel, "form": form})


@require_POST
def convert(request: HttpRequest) -> HttpResponse:
    """Title and text again, with an old encoding turned into Unicode or with hidden signs taken out."""
    form = ComposeForm(me(request), initial=repaired(request.POST))
    return changed_fields(render(request, "web/parts/text_fields.html", {"form": form}))


def picture(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """One picture of a preview. Its key is the hash of what it shows, so it never changes."""
    png = media.desk().png(key, number)
    if png is None:
        raise Http404
    return HttpResponse(png, content_type="image/png", headers={"Cache-Control": "private, max-age=3600"})


@require_POST
def listen(request: HttpRequest) -> HttpResponse:
    """Have the spoken form made into sound; the answer is a player or a line that asks again."""
    spoken = request.POST.get("spoken", "").strip()[:120_000]
    if not spoken:
        return render(request, "web/parts/listen.html", {"silent": True})
    return render(request, "web/parts/listen.html", {"heard": media.listening().ask(spoken, "vi")})


def heard(request: HttpRequest, key: str) -> HttpResponse:
    found = media.listening().find(key)
    if found is None:
        raise Http404
    return render(request, "web/parts/listen.html", {"heard": found})


def clip(request: HttpRequest, key: str) -> FileResponse:
    found = media.listening().find(key)
    if found is None or found.file is None:
        raise Http404
    return FileResponse(found.file.open("rb"), content_type="audio/wav")


def _stored(request: HttpRequest, bulletin: Bulletin, form: ComposeForm) -> HttpResponse:
    say_lost(request, form.lost)
    if request.POST.get("action") == "submit":
        try:
            workflow.submit(bulletin, me(request), timezone.now())
            messages.success(request, _("Đã trình duyệt."), extra_tags="good")
        except WorkflowError as error:
            say_refusal(request, error)
            return redirect("change", bulletin.uid)
    else:
        messages.success(request, _("Đã lưu bản nháp."), extra_tags="good")
    return redirect("bulletin", bulletin.uid)


def _copy(request: HttpRequest, bulletin: Bulletin) -> HttpResponse:
    if request.method != "POST":
        return render(request, "web/copy.html", {"bulletin": bulletin})
    try:
        copy = workflow.copy_for_edit(bulletin, me(request), timezone.now())
    except WorkflowError as error:
        say_refusal(request, error)
        return redirect("bulletin", bulletin.uid)
    return redirect("change", copy.uid)


def _sent(request: HttpRequest) -> tuple[QueryDict | None, Upload | None]:
    """What was typed (None before anything was), and the file whose check was not through when it was sent."""
    if request.method != "POST":
        return None, None
    waiting = uploads.waited_for(request)
    if waiting is None or waiting.asset is None:
        return request.POST, waiting
    typed = request.POST.copy()
    typed["picture"] = waiting.asset.sha256
    return typed, None


def _complete(form: ComposeForm, waiting: Upload | None) -> bool:
    """Whether all that was typed can be stored; a file that is not checked yet would be left out in silence."""
    if waiting is not None and waiting.status == Upload.Status.CHECKING:
        form.add_error(None, _("Tệp kèm tin còn đang được kiểm tra; chờ vài giây rồi bấm lại."))
    elif waiting is not None:
        form.add_error(None, told(waiting.reason, media.limits()))
    return form.is_valid()


def _page(
    request: HttpRequest, form: ComposeForm, bulletin: Bulletin | None = None, waiting: Upload | None = None
) -> HttpResponse:
    shown: dict[str, Any] = {
        "form": form,
        "upload": waiting,
        "bulletin": bulletin,
        "picture": form.chosen("picture"),
        "audio": form.chosen("audio"),
        "audio2": form.chosen("audio2"),
        "returned": _reason(bulletin),
    }
    refused = form.is_bound and (form.errors or messages.get_messages(request))
    response = render(request, "web/compose.html", shown, status=422 if refused else 200)
    return with_microphone(response)


def _reason(bulletin: Bulletin | None) -> str:
    if bulletin is None or bulletin.status != Bulletin.Status.RETURNED:
        return ""
    step = bulletin.steps.filter(verb="return").last()
    return step.note if step else ""
