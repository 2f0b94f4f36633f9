"""`bangtin publisher …` and `bangtin send`. Each command of `publisher` is one of Django's own, by its name."""

from __future__ import annotations

from pathlib import Path

import click

from publisher.__main__ import main
from publisher.send import send

__all__ = ["publisher", "send"]

_HOME = click.option(
    "--home", type=click.Path(path_type=Path, file_okay=False), help="The publisher's folder (its own by default)."
)


@click.group()
def publisher() -> None:
    """Set up and run the publisher: where staff write and approve, and from where boards get what they show."""


@publisher.command()
@_HOME
def init(home: Path | None) -> None:
    """Make the folder, the tables and the keys; harmless when they are there."""
    _call(home, "init")


@publisher.command()
@_HOME
@click.option("--port", type=click.IntRange(0, 65535), help="Port of the web pages; 0 chooses a free one.")
@click.option("--ready-file", type=click.Path(path_type=Path), help="Gets the addresses as JSON once all runs.")
@click.option("--die-with-parent", is_flag=True, help="Stop when the process that started it ends.")
def run(home: Path | None, port: int | None, ready_file: Path | None, die_with_parent: bool) -> None:
    """Run broker, broadcast and web until Ctrl-C or SIGTERM."""
    chosen = [] if port is None else ["--port", str(port)]
    chosen += [] if ready_file is None else ["--ready-file", str(ready_file)]
    chosen += ["--die-with-parent"] if die_with_parent else []
    _call(home, "run", *chosen)


@publisher.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@_HOME
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def adduser(home: Path | None, arguments: tuple[str, ...]) -> None:
    """Add a person: NAME --unit CODE --role ROLE [--emergency]; the password is printed once."""
    _call(home, "adduser", *arguments)


@publisher.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@_HOME
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def loadunits(home: Path | None, arguments: tuple[str, ...]) -> None:
    """Load a province and its communes by its two-digit code."""
    _call(home, "loadunits", *arguments)


@publisher.group()
def keys() -> None:
    """The root key and the signing key."""


@keys.command()
@_HOME
def show(home: Path | None) -> None:
    """Print the root's fingerprint and until when the key set holds."""
    _call(home, "keys", "show")


@keys.command()
@_HOME
def rotate(home: Path | None) -> None:
    """Make a new signing key, signed by the root, and tell every board; the old one is worth nothing then."""
    _call(home, "keys", "rotate")


@keys.command("rotate-root")
@_HOME
def rotate_root(home: Path | None) -> None:
    """Replace the root key (đổi khoá gốc): the old one signs the new one, so that every board follows by itself.

    Not after a theft of the root: who has it can do the same. Claim such boards anew.
    """
    _call(home, "keys", "rotate-root")


@publisher.command()
@_HOME
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
def backup(home: Path | None, target: Path) -> None:
    """Write everything worth keeping to one tar file, while the publisher runs."""
    _call(home, "backup", str(target))


def _call(home: Path | None, *arguments: str) -> None:
    main([*(["--home", str(home)] if home else []), *arguments])
