"""What a person is told in Vietnamese and in English: each sentence whole in both, reasons within reasons too."""

from __future__ import annotations

import errno
from typing import Final, NamedTuple

_REASONS: Final = {  # the system says them in English only
    errno.EACCES: "không có quyền",
    errno.EPERM: "không có quyền",
    errno.ENOENT: "không có tệp hoặc thư mục này",
    errno.ENOTDIR: "không phải thư mục",
    errno.EISDIR: "là thư mục, không phải tệp",
    errno.EIO: "đĩa hoặc thẻ nhớ bị lỗi",
    errno.ENOSPC: "hết chỗ trên đĩa",
    errno.EDQUOT: "hết chỗ được cấp trên đĩa",
    errno.EROFS: "đĩa chỉ cho đọc",
    errno.ECONNREFUSED: "máy chủ không nhận kết nối",
    errno.ECONNRESET: "máy chủ ngắt kết nối",
    errno.ENETUNREACH: "không có mạng",
    errno.EHOSTUNREACH: "không tới được máy chủ",
    errno.ETIMEDOUT: "quá lâu không thấy trả lời",
}


class Said(NamedTuple):
    """One sentence in both languages. As text it is one line, for cells of a table, logs and health."""

    vi: str
    en: str

    def __str__(self) -> str:
        return self.vi if self.vi == self.en else f"{self.vi} / {self.en}"

    @property
    def lines(self) -> str:
        """One line a language, for a terminal and for the pipe between two of our processes (see `heard`)."""
        return self.vi if self.vi == self.en else f"{self.vi}\n{self.en}"


def both(vi: str, en: str, **values: object) -> Said:
    """`vi` and `en` with the values in their `{places}`; what is said in both languages itself gives each its half."""
    return Said(
        _line(vi.format(**{name: _half(value, 0) for name, value in values.items()})),
        _line(en.format(**{name: _half(value, 1) for name, value in values.items()})),
    )


def joined(parts: list[Said]) -> Said:
    """Several faults as one sentence."""
    return Said("; ".join(part.vi for part in parts), "; ".join(part.en for part in parts))


def reason(error: BaseException) -> Said:
    """What an exception tells: its own two halves, the system's reason, or its text for both languages."""
    if error.args and isinstance(error.args[0], Said):
        return error.args[0]
    if isinstance(error, TimeoutError):
        return Said(_REASONS[errno.ETIMEDOUT], error.strerror or "timed out")
    if isinstance(error, OSError) and isinstance(cause := getattr(error, "reason", None), BaseException):
        return reason(cause)  # urllib wraps what the system said
    text = _line((error.strerror if isinstance(error, OSError) else "") or str(error) or type(error).__name__)
    number = error.errno if isinstance(error, OSError) else None
    return Said(_REASONS.get(number or 0, text), text)


def heard(text: str) -> Said:
    """The sentence that another process of ours wrote as `lines`; a single line stands for both languages."""
    vi, _, en = text.strip().partition("\n")
    return Said(_line(vi), _line(en or vi))


def _half(value: object, index: int) -> object:
    said = reason(value) if isinstance(value, BaseException) else value
    return said[index] if isinstance(said, Said) else said


def _line(text: str) -> str:
    return " ".join(text.split())
