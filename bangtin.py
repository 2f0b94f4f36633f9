"""The one console command. Each subcommand lives in its own room and is loaded only when it is called."""

from __future__ import annotations

import importlib
import os
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import click

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")  # standard output belongs to the answer


class Entry(NamedTuple):
    module: str
    attribute: str
    help: str


BENCHES: Final = {
    "journey": Entry("publisher.demo.cli", "journey", "From the click of staff to pixels; what a screen costs."),
    "player": Entry("player.bench.keys", "player", "Frames, pacing, pictures and memory of the player."),
    "speaker": Entry("player.bench.speaker", "command", "How soon sound begins, and what two lanes cost."),
    "voice": Entry("tts.bench.keys", "voice", "Words to sound: speed, memory, loudness and tones of the voices."),
}

COMMANDS: Final = {
    "agent": Entry("agent.cli", "cli", "Run, claim and question the agent of a screen."),
    "play": Entry("player.cli", "play", "Show a local playlist or text file: window, PNG files or LED emulator."),
    "timeline": Entry("player.cli", "timeline", "Print what a playlist will show, and when."),
    "panels": Entry("player.cli", "panels", "List the panel drivers and their options."),
    "read": Entry("tts.cli", "read", "Turn Vietnamese text into the words a voice says."),
    "voice": Entry("tts.cli", "voice", "List, install, check and remove voices."),
    "publisher": Entry("publisher.cli", "publisher", "Set up and run the publisher: web, broker, broadcast."),
    "send": Entry("publisher.cli", "send", "Send a text file as a bulletin through the HTTP API."),
    "demo": Entry("publisher.demo.cli", "demo", "A whole commune on this machine: publisher, broker and two screens."),
    "bench": Entry("bangtin", "bench", "Measure: one JSON object on standard output."),
}


class Lazy(click.Group):
    """A group that knows its subcommands' one-liners without importing them."""

    def __init__(self, *args: Any, entries: Mapping[str, Entry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._entries = entries

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._entries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = self._entries.get(cmd_name)
        if entry is None:
            return None
        command: click.Command = getattr(importlib.import_module(entry.module), entry.attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in self._entries.items()])


@click.group(cls=Lazy, entries=BENCHES)
def bench() -> None:
    """Measure. Each prints one JSON object on standard output; progress goes to standard error."""


@click.group(cls=Lazy, entries=COMMANDS, epilog="Every command explains itself: bangtin COMMAND --help.")
@click.version_option(package_name="bangtin")
def main() -> None:
    """Bảng Tin: public electronic boards that show and say only what the commune signed.

    A board is a Raspberry Pi with an agent, which fetches and checks what staff approved, and a
    player, which shows it and reads it aloud, with or without a network. The publisher is where
    staff write and approve. To see all of it on this machine: bangtin demo
    """


if __name__ == "__main__":
    main()
