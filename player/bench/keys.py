"""The player measured against the least that could be done, in one run, on one machine: `bangtin bench player`.

Each key gives `{"value", "ours", "baseline", "unit", "n"}`, sub-keys inside their key; where there is
nothing to compare with, `baseline` is null. Ours and the baseline take turns in the same process,
doing the same work on the same input.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import click

from player.bench.figures import Effort, NotMeasured, say
from player.bench.frames import naive_1080p, steady_allocations, ticker_320x160, ticker_1080p
from player.bench.led import ddp_frame, led_frame_baked, led_frame_live
from player.bench.memory import player_rss_mb
from player.bench.pacing import lateness_p99, period_error
from player.bench.photo import jpeg_12mp
from player.bench.soak import soak_growth
from player.bench.video import video_1080p30

KEYS: Final[dict[str, Callable[[Path, Effort], dict[str, Any]]]] = {
    "jpeg_12mp": jpeg_12mp,  # first: while the memory is as young as a prepare worker's
    "ticker_1080p": ticker_1080p,
    "ticker_320x160": ticker_320x160,
    "naive_1080p": naive_1080p,
    "led_frame_baked": led_frame_baked,
    "led_frame_live": led_frame_live,
    "ddp_frame": ddp_frame,
    "steady_allocations": steady_allocations,
    "period_error": period_error,
    "lateness_p99": lateness_p99,
    "video_1080p30": video_1080p30,
    "player_rss_mb": player_rss_mb,
    "soak_growth": soak_growth,
}
ALONE: Final = ("soak_growth",)  # too long to be among the others


def run(only: str | None, effort: Effort) -> dict[str, Any]:
    """The figures of one key or of all but those that are measured alone.

    A key that this machine cannot measure holds `{"not_measured": reason}`.
    """
    wanted = [only] if only is not None else [key for key in KEYS if key not in ALONE]
    return {key: _one(key, effort) for key in wanted}


@click.command("player")
@click.option(
    "--only", type=click.Choice(list(KEYS)), help="Measure this key alone; soak_growth, a quarter of an hour, only so."
)
def player(only: str | None) -> None:
    """Measure the player: one JSON object on standard output; all but soak_growth take about five minutes."""
    click.echo(json.dumps(run(only, Effort()), ensure_ascii=False, indent=1))


def _one(key: str, effort: Effort) -> dict[str, Any]:
    say(f"{key}…")
    with tempfile.TemporaryDirectory(prefix="bangtin-bench-") as work:
        try:
            return KEYS[key](Path(work), effort)
        except NotMeasured as reason:
            return {"not_measured": str(reason)}
