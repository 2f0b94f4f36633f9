"""Several management commands in one process: a first start is then not mostly Python starting.

`python -m publisher.demo.batch DIR` reads command lines as JSON from standard input, runs them for the
publisher in DIR in order, and prints what each printed as a JSON list. At the first that fails it
ends with status 1 and one line on standard error.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Sequence

import django
from django.core.management import CommandError, call_command

from publisher.home import HOME_VARIABLE


def run_all(orders: Sequence[Sequence[str]]) -> list[str]:
    """What each command printed. Raises CommandError."""
    printed = []
    for name, *arguments in orders:
        out = io.StringIO()
        call_command(name, *arguments, stdout=out)
        printed.append(out.getvalue().strip())
    return printed


def main(home: str) -> int:
    """The exit status."""
    os.environ[HOME_VARIABLE] = home
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "publisher.settings")
    django.setup()
    try:
        json.dump(run_all(json.load(sys.stdin)), sys.stdout)
    except CommandError as exc:
        sys.stderr.write(f"{exc}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
