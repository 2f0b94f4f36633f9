"""Drivers by name: those there are, and a refusal in the words of their kind."""

from __future__ import annotations

from typing import Any

import pytest

from drivers import light, panel, speaker
from drivers.loading import driver_module

KINDS: list[tuple[str, Any, type[Exception]]] = [
    ("panel", panel, panel.PanelError), ("speaker", speaker, speaker.SpeakerError), ("light", light, light.LightError),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "contract", "refused"), KINDS)
def test_an_unknown_driver_is_refused_with_those_there_are(kind: str, contract: Any, refused: type[Exception]) -> None:
    with pytest.raises(refused, match=f"there is no {kind} driver 'os'; there are {', '.join(contract.DRIVERS)}"):
        driver_module(kind, "os", contract.DRIVERS, refused)


@pytest.mark.parametrize(("kind", "contract", "refused"), KINDS)
def test_a_driver_s_module_states_its_options(kind: str, contract: Any, refused: type[Exception]) -> None:
    name = contract.DRIVERS[0]
    found = driver_module(kind, name, contract.DRIVERS, refused)
    assert found.__name__ == f"drivers.{kind}s.{name}"
    assert isinstance(found.OPTIONS, dict)
