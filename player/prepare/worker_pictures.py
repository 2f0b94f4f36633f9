"""The picture lane's worker: the same, with decoders. Started when a picture comes, gone soon after."""

from __future__ import annotations

from player.prepare.gallery import Gallery
from player.prepare.worker import start

if __name__ == "__main__":
    gallery = Gallery()
    start(gallery, gallery.inspect)
