"""A screen's health in words for people who are not technicians; figures stay on the technician's part of the page."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from publisher.screens.models import PlayRecord, Screen, ScreenEvent

SILENT_AFTER: Final = timedelta(minutes=5)

ALARMS: Final[dict[str, Promise]] = {
    "clock": gettext_lazy("Đồng hồ của bảng chưa chỉnh được"),
    "disk": gettext_lazy("Thẻ nhớ sắp đầy"),
    "storage": gettext_lazy("Thẻ nhớ bị lỗi, nên thay"),
    "store": gettext_lazy("Kho tin trên bảng bị hỏng và đã được lập lại"),
    "throttled": gettext_lazy("Bảng quá nóng hoặc thiếu điện nên chạy chậm"),
    "under": gettext_lazy("Nguồn điện yếu"),
    "voice": gettext_lazy("Không đọc được thành tiếng"),
    "fallback": gettext_lazy("Giọng đã cài bị hỏng hoặc không chạy được; bảng đang đọc bằng giọng dự phòng"),
    "player": gettext_lazy("Trình chiếu không chạy"),
    "configuration": gettext_lazy("Tệp cấu hình của bảng có lỗi"),
    "playlist": gettext_lazy("Chưa nhận được lịch phát mới"),
    "keys": gettext_lazy("Khoá ký của bảng đã quá hạn thay"),
    "outbox": gettext_lazy("Bảng chưa gửi được hết báo cáo"),
    "panel": gettext_lazy("Màn hình bị mất, có lẽ tuột cáp; bảng đang thử mở lại"),
    "led": gettext_lazy("Chương trình điều khiển LED bị mất và đang được khởi động lại"),
    "film": gettext_lazy("Trình phát phim ngừng đột ngột; tin có phim tạm hiện không có phim"),
    "asset": gettext_lazy("Có tệp ảnh, phim hoặc nhạc không phát được nên bị bỏ qua"),
    "settings": gettext_lazy("Cấu hình màn hình không đúng nên trình chiếu không chạy được"),
    "time": gettext_lazy("Giờ của bảng vừa nhảy đột ngột; hãy xem ai đã chỉnh giờ, hay nguồn giờ bị sai"),
    "connection": gettext_lazy("Có thiết bị khác dùng tài khoản của bảng này"),
    "stopped": gettext_lazy("Bảng đang ngắt khẩn cấp"),
}  # by the first word of the alarm's name

DETAILS: Final = {
    "settings-refused": ("halted.why", "{}"),
    "panel-lost": ("halted.why", "{}"),
    "time-jumped": ("clock_jumped_s", "{:+.0f} s"),
}  # which of the player's figures says more of an alarm, and how it is written

KINDS: Final[dict[str, Promise]] = {
    "desired": gettext_lazy("lịch phát"),
    "alert": gettext_lazy("tin khẩn cấp"),
    "command": gettext_lazy("lệnh"),
    "keys": gettext_lazy("bộ khoá"),
    "bundle": gettext_lazy("gói tin trên USB"),
    "message": gettext_lazy("thông điệp"),
}  # what a screen may refuse

REASONS: Final[dict[str, Promise]] = {
    "signature": gettext_lazy("chữ ký không đúng"),
    "target": gettext_lazy("gửi cho bảng hoặc nhóm khác"),
    "seq": gettext_lazy("cũ hơn nội dung đang có, hoặc trùng số với nội dung khác"),
    "expired": gettext_lazy("đã hết hạn"),
    "future": gettext_lazy("ghi ngày ở tương lai"),
    "schema": gettext_lazy("phiên bản hoặc trường dữ liệu lạ"),
    "malformed": gettext_lazy("không đúng dạng"),
    "kind": gettext_lazy("không đúng loại"),
    "size": gettext_lazy("sai kích thước"),
    "hash": gettext_lazy("nội dung không phải nội dung đã ký"),
    "bundle": gettext_lazy("gói thiếu tệp hoặc không đọc được"),
    "url": gettext_lazy("địa chỉ tải không hợp lệ"),
    "disk-full": gettext_lazy("thẻ nhớ hết chỗ"),
    "disk": gettext_lazy("thẻ nhớ không ghi được"),
    "network": gettext_lazy("mạng đứt khi đang tải"),
    "server": gettext_lazy("máy chủ không cho tải"),
    "slow": gettext_lazy("tải quá lâu"),
    "topic": gettext_lazy("đến sai kênh"),
    "internal": gettext_lazy("lỗi của chương trình trên bảng"),
}  # why: the words of agent.trust and agent.fetch

VERBS: Final[dict[str, Promise]] = {
    "write": gettext_lazy("soạn"),
    "submit": gettext_lazy("trình duyệt"),
    "recall": gettext_lazy("rút lại"),
    "return": gettext_lazy("trả lại"),
    "approve": gettext_lazy("duyệt"),
    "withdraw": gettext_lazy("gỡ tin"),
    "restore": gettext_lazy("phát lại"),
    "supersede": gettext_lazy("được tin mới thay"),
    "publish": gettext_lazy("phát khẩn cấp"),
    "replace": gettext_lazy("thay nội dung khẩn cấp"),
    "end": gettext_lazy("kết thúc tin khẩn cấp"),
    "countersign": gettext_lazy("xác nhận sau"),
    "expire": gettext_lazy("hết hạn"),
}

COMMANDS: Final[dict[str, Promise]] = {
    "identify": gettext_lazy("gọi tên bảng"),
    "screenshot": gettext_lazy("xem hình bảng"),
    "test-pattern": gettext_lazy("hình thử"),
    "restart": gettext_lazy("khởi động lại"),
    "stop": gettext_lazy("ngắt khẩn cấp"),
    "release": gettext_lazy("thôi ngắt"),
}

ANSWERS: Final[dict[str, Promise]] = {
    "an emergency or the stop goes first": gettext_lazy("tin khẩn cấp hoặc lệnh ngắt đang giữ bảng"),
    "the player gave no answer in time": gettext_lazy("chương trình phát không trả lời kịp"),
    "the player's answer cannot be read": gettext_lazy("không đọc được trả lời của chương trình phát"),
    "the player answered something else": gettext_lazy("chương trình phát trả lời việc khác"),
    "no picture": gettext_lazy("không chụp được hình"),
    "the picture could not be sent": gettext_lazy("không gửi được hình"),
}  # why a command was not obeyed: the words of agent.commands and player.stage, before a colon

OUTCOMES: Final[dict[str, Promise]] = {
    "": gettext_lazy("đang phát"),
    "shown": gettext_lazy("phát xong"),
    "cut": gettext_lazy("nhường tin gấp hơn"),
    "lost": gettext_lazy("ngắt giữa chừng"),
}  # how a showing ended: the words of player.plays


def problems(screen: Screen, now: datetime, *, technical: bool = False) -> list[str]:
    """What somebody should look at; empty for a screen in order. `technical`: with the alarms' own names."""
    found: list[str] = []
    if screen.revoked is not None:
        return found
    if screen.claimed is None:
        return [_("Chưa nhận bảng")]
    if screen.stopped:
        found.append(_("Đang ngắt khẩn cấp: tắt hình, tắt tiếng"))
    if not screen.online:
        found.append(_("Mất kết nối từ %(when)s") % {"when": moment(screen.seen)} if screen.seen else _("Chưa kết nối"))
    elif screen.health_at is not None and now - screen.health_at > SILENT_AFTER:
        found.append(_("Không báo tình trạng từ %(when)s") % {"when": moment(screen.health_at)})
    alarms = [name for name in screen.health.get("alarms", ()) if not (name == "stopped" and screen.stopped)]
    player = screen.health.get("player")
    return [*dict.fromkeys(found + [alarm(name, _detail(name, player), technical=technical) for name in alarms])]


def alarm(name: str, detail: str = "", *, technical: bool = True) -> str:
    """An alarm of the health report in words, with its own name behind it; one that is not known as it came.

    Without `technical` no name stands there: who is no technician reads what is wrong, not what it is called.
    `detail` is the board's own word on it, in no language of ours.
    """
    head, _sep, rest = name.partition("-")
    called = f" ({name})" if technical else ""
    if head == "refused":
        return refused(*rest.partition("-")[::2]) + called
    words = ALARMS.get(re.split(r"[_:. ]", head, maxsplit=1)[0])
    if words is None:
        return name if technical else _("Bảng báo động; kỹ thuật viên xem trang của bảng")
    reason = f": {REASONS[rest]}" if head == "playlist" and rest in REASONS else ""
    return f"{words}{reason}{': ' * bool(detail)}{detail}{called}"


def _detail(name: str, player: Any) -> str:
    figure, written = DETAILS.get(name, ("", ""))
    value = player.get(figure) if isinstance(player, dict) else None
    try:
        return "" if value is None else written.format(value)
    except (ValueError, TypeError):  # a board says what it likes
        return ""


def refused(kind: str, reason: str) -> str:
    """What a screen would not obey, and why."""
    words = {"what": str(KINDS.get(kind, kind)), "why": str(REASONS.get(reason, reason))}
    return _("Bảng từ chối %(what)s: %(why)s") % words


def answer(detail: str) -> str:
    """Why a board did not obey, in words; what is not known as it came, and what a board adds for technicians."""
    reason, colon, rest = detail.partition(":")
    return f"{ANSWERS.get(reason, reason)}{colon}{rest}"


def event(happened: ScreenEvent) -> tuple[str, str]:
    """Something that happened on a screen in words, and its own detail for a technician."""
    detail = happened.detail
    if happened.kind == "refused":
        return refused(str(detail.get("kind", "")), str(detail.get("reason", ""))), str(detail.get("detail", ""))
    return happened.kind, " ".join(str(value) for value in detail.values())


def outcome(play: PlayRecord, *, followed: bool) -> str:
    """How a showing ended. `followed`: another one has begun since in its place, so that it is over in any case."""
    if play.outcome:
        return str(OUTCOMES.get(play.outcome, play.outcome))
    if play.ended is not None:
        return str(OUTCOMES["shown"])
    if followed:
        return _("đã hết, bảng chưa báo giờ kết thúc")
    return str(OUTCOMES[""]) if play.screen.online else _("chưa rõ, bảng mất kết nối")


def state(screen: Screen) -> tuple[str, str]:
    """One word for a badge, and its look."""
    if screen.revoked is not None:
        return _("Đã thu hồi"), "bad"
    if screen.claimed is None:
        return _("Chưa nhận bảng"), "warn"
    if screen.stopped:
        return _("Đang ngắt"), "bad"
    return (_("Trực tuyến"), "good") if screen.online else (_("Mất kết nối"), "bad")


def figures(screen: Screen) -> list[tuple[str, str]]:
    """The health report as lines for a technician."""
    lines: list[tuple[str, str]] = []
    for part in ("clock", "agent", "player", "board", "voice"):
        values = screen.health.get(part)
        if isinstance(values, dict):
            lines += [(f"{part}.{name}", _short(value)) for name, value in values.items()]
    return lines


def moment(instant: datetime | None) -> str:
    """14:02 today, 14:02 03/05/2026 on another day."""
    if instant is None:
        return ""
    local, today = timezone.localtime(instant), timezone.localdate()
    return local.strftime("%H:%M") if local.date() == today else local.strftime("%H:%M %d/%m/%Y")


def duration(seconds: float) -> str:
    """`8 giây`, `2 phút 05 giây`."""
    whole = round(seconds)
    if whole < 60:
        return _("%(s)s giây") % {"s": whole}
    if whole % 60 == 0:
        return _("%(m)s phút") % {"m": whole // 60}
    return _("%(m)s phút %(s)s giây") % {"m": whole // 60, "s": f"{whole % 60:02d}"}


def _short(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.1f}"
    return str(value)
