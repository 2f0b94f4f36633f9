"""Another root key reaches a board by the same message as any key set: a real agent, broker and HTTP server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from player import roots, wire
from tests.agent.claimed import Screen
from tests.agent.signer import SCREEN


def test_a_board_obeys_the_root_that_its_own_named_and_goes_on_after_a_restart(
    screen: Screen, eventually: Callable[..., Any]
) -> None:
    signer, new = screen.signer, Ed25519PrivateKey.generate()
    first = signer.playlist(signer.item("Thông báo 1"))
    screen.announce(first)
    screen.start()
    eventually(lambda: screen.applied(first.seq), "the playlist under the first root")

    chain = (roots.change(signer.root, new),)
    signer.root, signer.key = new, Ed25519PrivateKey.generate()
    screen.office.publish(wire.screen_down(SCREEN, "keys"), signer.key_envelope(signer.keys(roots=chain)))
    second = signer.playlist(signer.item("Thông báo 2"))
    screen.announce(second)
    eventually(lambda: screen.applied(second.seq), "the playlist under the new root")

    assert screen.stop() == 0
    signer.key = Ed25519PrivateKey.generate()
    screen.office.publish(wire.screen_down(SCREEN, "keys"), signer.key_envelope(signer.keys(roots=chain)))
    third = signer.playlist(signer.item("Thông báo 3"))
    screen.announce(third)
    screen.start()
    eventually(lambda: screen.applied(third.seq), "the playlist under a later set of the new root")
