"""`bangtin demo` and `bangtin bench journey`: what a person starts; the work is done in the modules beside this one."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from publisher.demo import journey as journeys
from publisher.demo import live
from publisher.demo.children import DemoError
from publisher.demo.once import STEPS, publish_once


@click.command()
@click.option("--once", "text_file", type=click.Path(path_type=Path), help="Publish this text file and stop.")
@click.option("--image", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A picture to go with it.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path("out"), show_default=True,
              help="Where --once leaves pictures, sound and report.")  # fmt: skip
@click.option("--dir", "folder", type=click.Path(file_okay=False, path_type=Path), default=Path(".demo"),
              show_default=True, help="Where the demo keeps what is written.")  # fmt: skip
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port of the web pages; 0: a free one, kept.")
def demo(text_file: Path | None, image: Path | None, out: Path, folder: Path, port: int) -> None:
    """A whole commune on this machine: publisher, broker, an HDMI and an LED screen."""
    try:
        if text_file is None:
            live.run(folder, port)
            return
        report = publish_once(text_file, image, out, live.say)
    except DemoError as exc:
        raise click.ClickException(str(exc)) from exc
    click.echo(summary(report, out))


def summary(report: dict[str, Any], out: Path) -> str:
    """The report in the few lines a person wants."""
    lines = [f"{'':8}" + "".join(f"{name:>10}" for name in STEPS) + "   ms"]
    lines += [f"{name:8}" + "".join(f"{steps[step]:>10}" for step in STEPS) for name, steps in report["steps"].items()]
    lines += [f"{name}: {len(files)} trang / pages" for name, files in report["pages"].items()]
    lines.append(f"{out}/speech.wav, {out}/report.json")
    return "\n".join(lines)


@click.command()
@click.option("--only", multiple=True, type=click.Choice(journeys.KEYS), help="Measure only this; may be repeated.")
def journey(only: tuple[str, ...]) -> None:
    """From the click of staff to pixels on two screens; memory, CPU and first picture of a screen."""
    try:
        _print(journeys.measure(only, live.say))
    except DemoError as exc:
        raise click.ClickException(str(exc)) from exc


def _print(found: dict[str, Any]) -> None:
    json.dump(found, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")
