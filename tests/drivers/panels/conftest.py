"""What the panels' tests share."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator

import pygame
import pytest


@pytest.fixture
def desktop(own_environment: None) -> Iterator[None]:
    """A small X desktop without a screen, ended with the test."""
    read_end, write_end = os.pipe()
    command = ["Xvfb", "-displayfd", str(write_end), "-screen", "0", "800x600x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[write_end], stderr=subprocess.DEVNULL) as server:
        try:
            os.close(write_end)
            os.environ["DISPLAY"] = ":" + os.read(read_end, 16).decode().strip()
            yield
        finally:
            pygame.display.quit()
            server.terminate()
            os.close(read_end)
