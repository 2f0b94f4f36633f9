"""The agent takes in no more than it needs."""

from __future__ import annotations

import subprocess
import sys

import pytest

from agent.lean import without


def test_a_name_is_kept_out_only_for_a_while() -> None:
    assert "colorsys" not in sys.modules or sys.modules.pop("colorsys")
    with without("colorsys"), pytest.raises(ImportError):
        __import__("colorsys")
    assert __import__("colorsys").rgb_to_hsv


def test_what_is_loaded_already_is_left_alone() -> None:
    before = sys.modules["json"] if "json" in sys.modules else __import__("json")
    with without("json"):
        assert sys.modules["json"] is before
    assert sys.modules["json"] is before


def test_the_agents_process_stays_small() -> None:
    """Loaded, before it opens anything; 45 MB is what a screen grants the running agent."""
    source = (
        "import sys, agent.cli\n"
        "from drivers.process import pss_mb\n"
        "import os\n"
        "print(pss_mb(os.getpid()))\n"
        "print(*[name for name in ('numpy', 'pandas', 'pygame', 'django', 'piper', 'onnxruntime', 'asyncio', 'PIL')"
        " if name in sys.modules])\n"
    )
    run = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)
    size_mb, unwanted = run.stdout.splitlines()
    assert unwanted == ""
    assert float(size_mb) < 45
