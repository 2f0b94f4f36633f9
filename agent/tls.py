"""TLS towards the publisher and its broker. What they say is not believed for it: that is what signatures are for."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Final

from config.certificates import TlsFiles

_NO_CHECK_TIME: Final = 0x200000  # X509_V_FLAG_NO_CHECK_TIME, x509_vfy.h


def context(ca_file: Path | None, clock_trusted: bool) -> ssl.SSLContext:
    """A client context; chain and name are always checked, the validity dates only with a trusted clock.

    A screen that woke in 1970 could otherwise never fetch anything again, its time included.
    Raises certificates.CertificateError.
    """
    made = TlsFiles(ca_file).context()
    check_time(made, clock_trusted)
    return made


def check_time(made: ssl.SSLContext, clock_trusted: bool) -> None:
    """Judge validity dates in the connections made from now on, or do not."""
    flag = ssl.VerifyFlags(_NO_CHECK_TIME)
    made.verify_flags = made.verify_flags & ~flag if clock_trusted else made.verify_flags | flag
