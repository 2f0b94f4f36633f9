"""The HTTP API, /api/v1/: the same verbs as the pages, by the same services, with a person's bearer token.

Errors are JSON: `code` for programs, `message` in Vietnamese and `message_en` in English.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from ninja import Field, NinjaAPI, Schema, Status
from ninja.errors import HttpError, ValidationError, ValidationErrorContext
from pydantic import AwareDatetime, ConfigDict

from player.when import DAY_MIN
from publisher.accounts import rights
from publisher.address import own_address
from publisher.api_faults import FAULTS, ErrorOut, NotThereError, field_faults, unreadable
from publisher.api_files import router as files
from publisher.api_token import Token, bearer
from publisher.broadcast.delivery import delivery_line, reach_of
from publisher.bulletins import workflow
from publisher.bulletins.content import Content, TextIn
from publisher.bulletins.models import Bulletin, BulletinText
from publisher.bulletins.workflow import WorkflowError
from publisher.languages import in_both
from publisher.media import apps as media
from publisher.media.reasons import told
from publisher.media.store import RefusedError as FileRefusedError
from publisher.screens.models import Screen
from publisher.units.models import Unit


class Given(Schema):
    """What comes in: a field nobody knows is a mistake of the sender, not a detail to pass over."""

    model_config = ConfigDict(extra="forbid")


class TextSchema(Given):
    """One language version. Without `spoken` the reader's own reading is used; `audio` is the id of a recording."""

    lang: str = "vi"
    title: str = ""
    body: str = ""
    spoken: str | None = None
    audio: str | None = None


class DayPartSchema(Given):
    """Hours of some weekdays, in minutes since midnight; 1 is Monday."""

    start_min: int = Field(ge=0, le=DAY_MIN)
    end_min: int = Field(ge=0, le=DAY_MIN)
    weekdays: list[Annotated[int, Field(ge=1, le=7)]] = Field(default=[1, 2, 3, 4, 5, 6, 7], min_length=1, max_length=7)


class LunarSchema(Given):
    """A day of the lunar calendar; `month` 0 is every month, `day` 30 the last of its month."""

    kind: Literal["lunar"]
    day: int = Field(ge=1, le=30)
    month: int = Field(default=0, ge=0, le=12)
    lead_days: int = Field(default=0, ge=0, le=15)
    days: int = Field(default=1, ge=1, le=30)


class HolidaySchema(Given):
    """The public holidays of Vietnam."""

    kind: Literal["holiday"]


class RecurrenceSchema(Given):
    """An RFC 5545 recurrence: the value of an RRULE, its first time by the unit's clock, and how long each lasts."""

    kind: Literal["rrule"]
    rule: str = Field(min_length=1, max_length=300)
    start: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$")
    duration_min: int = Field(ge=1, le=10_080)


DateSchema = Annotated[LunarSchema | HolidaySchema | RecurrenceSchema, Field(discriminator="kind")]


class BulletinIn(Given):
    """A bulletin to write. Empty `targets` and `screens`: all screens of the unit. `picture` is the id of a file."""

    unit: str
    texts: list[TextSchema] = Field(min_length=1, max_length=8)
    priority: Literal["routine", "priority", "emergency"] = "routine"
    targets: list[str] = []
    screens: list[str] = []
    picture: str | None = None
    starts: AwareDatetime | None = None
    ends: AwareDatetime | None = None
    dayparts: list[DayPartSchema] = []
    dates: list[DateSchema] = Field(default=[], max_length=32)
    exdates: list[DateSchema] = Field(default=[], max_length=32)
    times_a_day: int = Field(default=0, ge=0, le=288)
    rank: int = Field(default=0, ge=-99, le=99)
    always: bool = False
    speech_times: int = Field(default=2, ge=0, le=20)
    speak_at_debut: bool = False
    level: int = Field(default=0, ge=0, le=5)
    repeat_s: int = Field(default=600, ge=60, le=86_400)


class NoteIn(Given):
    """Why; needed for `return`. `revision` is the one that was looked at: for a bulletin changed since, 409."""

    note: str = ""
    revision: int | None = Field(default=None, ge=1)


class DeliveryOut(Schema):
    """How far the bulletin has come: on how many screens it is wanted, accepted, shown, and gone again."""

    screens: int
    accepted: int
    shown: int
    gone: int
    since: datetime | None
    line: str


class TextOut(Schema):
    """One language version as stored; `originals` has as typed whatever of `title`, `body`, `spoken` was put right."""

    lang: str
    title: str
    body: str
    spoken: str
    audio: str | None
    originals: dict[str, str]


class BulletinOut(Schema):
    """A bulletin's state and its words."""

    uid: str
    unit: str
    priority: str
    status: str
    revision: int
    author: str
    approver: str | None
    approved: datetime | None
    url: str
    texts: list[TextOut]
    delivery: DeliveryOut


class ScreenOut(Schema):
    """A screen's last report."""

    id: str
    name: str
    unit: str
    width_px: int
    height_px: int
    kind: str
    claimed: bool
    online: bool
    stopped: bool
    seen: datetime | None
    alarms: list[str]


class Api(NinjaAPI):
    """Ours keeps the value that was refused, so that an answer can name it."""

    def validation_error_from_error_contexts(
        self, error_contexts: list[ValidationErrorContext[Any]]
    ) -> ValidationError:
        told = super().validation_error_from_error_contexts(error_contexts)
        found = [fault for context in error_contexts for fault in context.pydantic_validation_error.errors()]
        return ValidationError([
            fault | {"input": value["input"]} for fault, value in zip(told.errors, found, strict=True)
        ])  # fmt: skip


api = Api(
    title="Bảng Tin",
    version="1",
    description="Soạn, trình duyệt, duyệt, gỡ tin, xem bảng. / Write, submit, approve and withdraw; see screens.",
    auth=Token(),
    docs_url=None,
    urls_namespace="api",
)
api.add_router("", files)
_STATUS = {"right": 403, "status": 409, "same-person": 409, "kind": 409, "late": 409, "changed": 409, "target": 403}


@api.exception_handler(WorkflowError)
def _refused(request: HttpRequest, error: WorkflowError) -> HttpResponse:
    code = error.details[0].code if error.details else error.code
    body = _error(code, error.message, error.details)
    return api.create_response(request, body, status=_STATUS.get(error.code, 422))


@api.exception_handler(FileRefusedError)
def _file_refused(request: HttpRequest, error: FileRefusedError) -> HttpResponse:
    return api.create_response(request, _error(error.reason, told(error.reason, media.limits())), status=422)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    body = _error("invalid", gettext_lazy("Dữ liệu gửi lên không đúng."), field_faults(error.errors))
    return api.create_response(request, body, status=422)


@api.exception_handler(HttpError)
def _failed(request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == 401:
        body = _error("token", gettext_lazy("Thiếu mã truy cập, hoặc mã không còn giá trị."))
    else:
        body = _error("malformed", gettext_lazy("Yêu cầu không đúng dạng."), unreadable(error.__cause__))
    return api.create_response(request, body, status=error.status_code)


@api.exception_handler(NotThereError)
def _missing(request: HttpRequest, error: NotThereError) -> HttpResponse:
    message = gettext_lazy("Không có đơn vị, tin hoặc tệp này, hoặc bạn không được xem.")
    return api.create_response(request, _error("not-found", message, [error.what]), status=404)


@api.get("/units", response=list[dict[str, str]], summary="Units I may see")
def units(request: HttpRequest) -> list[dict[str, str]]:
    codes = rights.units_where(bearer(request), "view")
    return [{"code": unit.code, "name": unit.name} for unit in Unit.objects.filter(code__in=codes)]


@api.get("/screens", response=list[ScreenOut], summary="Screens of my units")
def screens(request: HttpRequest) -> list[dict[str, Any]]:
    codes = rights.units_where(bearer(request), "view")
    return [_screen(screen) for screen in Screen.objects.filter(unit_id__in=codes, revoked=None)]


@api.post("/bulletins", response={201: BulletinOut, **FAULTS}, summary="Write a bulletin")
def create(request: HttpRequest, given: BulletinIn) -> Status[dict[str, Any]]:
    unit = Unit.objects.filter(pk=given.unit).first()
    if unit is None:
        raise NotThereError(gettext_lazy("không có đơn vị"), given.unit)
    bulletin = workflow.draft(unit, bearer(request), _content(given), timezone.now())
    return Status(201, _bulletin(request, bulletin))


@api.get("/bulletins/{uid}", response={200: BulletinOut, **FAULTS}, summary="How a bulletin is doing")
def read(request: HttpRequest, uid: str) -> dict[str, Any]:
    return _bulletin(request, _visible(request, uid))


@api.put("/bulletins/{uid}", response={200: BulletinOut, **FAULTS}, summary="Rewrite a draft, or an emergency on air")
def rewrite(request: HttpRequest, uid: str, given: BulletinIn) -> dict[str, Any]:
    bulletin, now = _visible(request, uid), timezone.now()
    on_air = bulletin.status == Bulletin.Status.ON_AIR
    change = workflow.replace if on_air else workflow.edit
    return _bulletin(request, change(bulletin, bearer(request), _content(given), now))


@api.post(
    "/bulletins/{uid}/{verb}",
    response={200: BulletinOut, **FAULTS},
    summary="One step: submit, recall, approve, return, withdraw, restore, publish, end, countersign",
)
def step(
    request: HttpRequest,
    uid: str,
    verb: Literal["submit", "recall", "approve", "return", "withdraw", "restore", "publish", "end", "countersign"],
    given: NoteIn | None = None,
) -> dict[str, Any]:
    given = given or NoteIn()
    bulletin, note = _visible(request, uid), given.note.strip()[:1000]
    taken = workflow.take(verb, bulletin, bearer(request), timezone.now(), note, seen=given.revision)
    return _bulletin(request, taken)


def _visible(request: HttpRequest, uid: str) -> Bulletin:
    bulletin = Bulletin.objects.select_related("unit", "author", "approver").filter(uid=uid).first()
    if bulletin is None or not rights.can(bearer(request), "view", bulletin.unit_id):
        raise NotThereError(gettext_lazy("không có tin"), uid)
    return bulletin


def _content(given: BulletinIn) -> Content:
    values = given.dict(exclude={"unit", "texts", "dayparts", "dates", "exdates", "targets", "screens"})
    return Content(
        texts=tuple(TextIn(text.lang, text.body, text.title, text.spoken, text.audio) for text in given.texts),
        dayparts=tuple(part.dict() for part in given.dayparts),
        dates=tuple(rule.dict() for rule in given.dates),
        exdates=tuple(rule.dict() for rule in given.exdates),
        targets=tuple(given.targets),
        screens=tuple(given.screens),
        **values,
    )


def _bulletin(request: HttpRequest, bulletin: Bulletin) -> dict[str, Any]:
    reached = reach_of(bulletin)
    return {
        "uid": bulletin.uid,
        "unit": bulletin.unit_id,
        "priority": bulletin.priority,
        "status": bulletin.status,
        "revision": bulletin.revision,
        "author": bulletin.author.username,
        "approver": bulletin.approver.username if bulletin.approver else None,
        "approved": bulletin.approved,
        "url": f"{own_address(request)}/tin/{bulletin.uid}",
        "texts": [_text(text) for text in bulletin.texts.all()],
        "delivery": {
            "screens": reached.screens, "accepted": reached.accepted, "shown": reached.shown, "gone": reached.gone,
            "since": reached.since, "line": delivery_line(bulletin, timezone.now()),
        },
    }  # fmt: skip


def _text(text: BulletinText) -> dict[str, Any]:
    names = ("lang", "title", "body", "spoken", "originals")
    return {name: getattr(text, name) for name in names} | {"audio": text.audio_id}


def _screen(screen: Screen) -> dict[str, Any]:
    names = ("id", "name", "width_px", "height_px", "kind", "online", "stopped", "seen")
    return {name: getattr(screen, name) for name in names} | {
        "unit": screen.unit_id,
        "claimed": screen.claimed is not None,
        "alarms": list(screen.health.get("alarms", ())),
    }


def _error(code: str, message: Promise | str, details: Iterable[object] = ()) -> dict[str, Any]:
    vietnamese, english = in_both(message)
    told = [in_both(detail) for detail in details]
    return ErrorOut(
        code=code, message=vietnamese, message_en=english,
        details=[one for one, _ in told], details_en=[other for _, other in told],
    ).dict()  # fmt: skip
