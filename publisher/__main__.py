"""`python -m publisher run …` and the other commands of the publisher; `manage` passes the rest to Django as it is.

`--home DIR` names the publisher's folder for any of them and must be known before Django reads its settings.
"""

from __future__ import annotations

import os
import sys

from django.core.management import execute_from_command_line

from publisher.home import HOME_VARIABLE, HomeError


def main(arguments: list[str]) -> None:
    """Run one command line, without the program's name. Ends the process on an error of usage or settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "publisher.settings")
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")  # standard output belongs to the command
    rest = take_home(arguments)
    if rest[:1] == ["manage"]:
        rest = rest[1:]
    try:
        execute_from_command_line(["python -m publisher", *rest])
    except HomeError as exc:
        raise SystemExit(str(exc)) from None


def take_home(arguments: list[str]) -> list[str]:
    """The arguments without `--home DIR`, which goes into the environment for this process and its children."""
    rest = list(arguments)
    for place, argument in enumerate(rest):
        name, joined, value = argument.partition("=")
        if name != "--home":
            continue
        if not joined and place + 1 == len(rest):
            raise SystemExit("--home needs a folder")
        os.environ[HOME_VARIABLE] = value if joined else rest[place + 1]
        del rest[place : place + (1 if joined else 2)]
        break
    return rest


if __name__ == "__main__":
    main(sys.argv[1:])
