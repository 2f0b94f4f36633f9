"""Why a file is refused, in words for the person who brought it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from publisher.media.limits import Limits

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

REASONS: Final[dict[str, _StrPromise]] = {
    "format": _("Tệp này không phải ảnh (JPEG, PNG, WebP, GIF, HEIC), PDF, phim (MP4, WebM) hay nhạc (MP3) đọc được."),
    "truncated": _("Tệp bị cụt, có lẽ tải chưa xong; hãy chọn lại tệp."),
    "password": _("PDF có mật khẩu; hãy bỏ mật khẩu rồi tải lên."),
    "pages": _("PDF quá dài: tối đa 40 trang; hãy tách lấy phần cần đăng."),
    "animation": _("Ảnh động quá lớn hoặc quá nhiều khung; hãy chuyển thành phim MP4."),
    "long": _("Phim hoặc nhạc dài quá 30 phút; hãy cắt ngắn."),
    "bomb": _("Ảnh quá lớn khi mở ra; hãy thu nhỏ dưới 200 triệu điểm ảnh."),
    "missing": _("Không đọc được tệp; hãy tải lên lại."),
    "memory": _("Tệp quá nặng để xử lý; hãy thu nhỏ ảnh hoặc phim."),
    "time": _("Tệp mất quá nhiều thời gian để mở; hãy lưu lại thành JPEG, PDF hoặc MP4 rồi tải lên."),
    "size": _("Tệp quá lớn: ảnh, PDF và bản ghi âm tối đa {upload_mb} MB, phim và nhạc tối đa {film_mb} MB."),
    "empty": _("Tệp rỗng."),
    "room": _("Ổ đĩa máy chủ sắp đầy, phải chừa trống {free_mb} MB; hãy báo quản trị viên dọn bớt rồi tải lên lại."),
    "full": _("Máy chủ không ghi được tệp, có lẽ hết chỗ; hãy báo quản trị viên."),
    "crest": _("Biểu trưng phải là ảnh PNG còn nguyên vẹn, mỗi cạnh không quá 1024 điểm ảnh, dưới 1 MB."),
    "audio": _("Tệp này không phải bản ghi âm (Opus, MP3, AAC, FLAC, WAV), hoặc dài quá 20 phút."),
    "silence": _("Không nghe thấy tiếng nào trong bản ghi; hãy kiểm tra micrô rồi ghi lại."),
}


def known(reason: str) -> str:
    """`reason` if there are words for it, else the one that fits whatever cannot be read."""
    return reason if reason in REASONS else "format"


def told(reason: str, limits: Limits) -> _StrPromise:
    """The words for a key of REASONS, lazily in the reader's language; empty for an empty key."""
    return format_lazy(REASONS[known(reason)] if reason else "", **asdict(limits))
