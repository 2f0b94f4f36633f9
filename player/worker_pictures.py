"""The picture lane's worker: the same, with a decoder. Started when a picture comes, gone soon after."""

from __future__ import annotations

from player import pictures
from player.worker import start

if __name__ == "__main__":
    start(pictures.fitted, pictures.inspect)
