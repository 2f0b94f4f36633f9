"""How large a file may be that is brought, and how much of the disk files leave free. MB are 1024 · 1024 bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from publisher.home import Options

MB: Final = 1024 * 1024
_FORM_MB: Final = 20  # what comes along with a file: the form's other fields


@dataclass(frozen=True)
class Limits:
    """Of this installation; `free_mb` is for the database, without which nothing could be approved or ended."""

    upload_mb: int
    film_mb: int
    free_mb: int

    @classmethod
    def of(cls, options: Options) -> Limits:
        """As publisher.yaml sets them."""
        return cls(options.upload_mb, options.film_mb, options.free_mb)

    def file_b(self, *, film: bool) -> int:
        """The largest file in bytes; a film is also a sound to go with a text."""
        return (self.film_mb if film else self.upload_mb) * MB

    @property
    def request_b(self) -> int:
        """The largest request that is worth reading."""
        return (max(self.upload_mb, self.film_mb) + _FORM_MB) * MB

    @property
    def free_b(self) -> int:
        return self.free_mb * MB
