"""A player with films, as it starts, for the tests that show one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.player.film.cinema import Cinema, Until


@pytest.fixture
def cinema(tmp_path: Path, until: Until) -> Iterator[Cinema]:
    with ExitStack() as stack:
        yield Cinema(tmp_path, stack, until)
