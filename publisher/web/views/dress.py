"""The face of a unit's screens: its crest and its colours, brought as files."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from config.faults import ConfigError
from player.layout.themefile import MAX_BYTES
from publisher.broadcast import outbox
from publisher.media import apps as media
from publisher.media.reasons import told
from publisher.media.store import RefusedError, Store
from publisher.units import dress, services
from publisher.units.models import Unit
from publisher.web.forms_admin import DressForm
from publisher.web.views.common import me, visible_unit


@require_POST
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Both files or either, or neither and a tick; all of it is taken or nothing."""
    unit = visible_unit(request, code, "govern")
    form = DressForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("Tệp không đọc được; hãy chọn lại."), extra_tags="bad")
        return redirect("unit", code)
    try:
        with transaction.atomic():
            _dress(request, unit, form)
            outbox.put_many("desired", sorted(services.screens_under([code])))
    except RefusedError as refused:
        messages.error(request, told(refused.reason, media.limits()), extra_tags="bad")
    except ConfigError as refused:
        why = " — ".join(map(str, refused.faults))
        messages.error(request, _("Tệp màu không dùng được: %(why)s") % {"why": why}, extra_tags="bad")
    else:
        messages.success(request, _("Đã lưu; các bảng đang nhận cài đặt mới."), extra_tags="good")
    return redirect("unit", code)


def _dress(request: HttpRequest, unit: Unit, form: DressForm) -> None:
    crest, theme = form.cleaned_data["crest"], form.cleaned_data["theme"]
    if isinstance(crest, UploadedFile):
        store = Store(settings.HOME, media.desk(), media.limits())
        dress.wear_crest(unit, store.receive_crest(me(request), crest.name or "", crest.chunks()))
    elif form.cleaned_data["drop_crest"]:
        dress.wear_crest(unit, None)
    if isinstance(theme, UploadedFile):
        dress.wear_theme(unit, theme.read(MAX_BYTES + 1), Path(theme.name or "").name)
    elif form.cleaned_data["drop_theme"]:
        dress.wear_theme(unit, None)
