"""Sees files appear and change: the configuration, the player's answers, bundles in an import folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from watchdog.events import FileClosedEvent, FileMovedEvent, FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from agent.events import Answered, Dropped, SettingsChanged


class _Arrivals(FileSystemEventHandler):
    """Calls `arrived` with each file that is complete: closed after writing, or moved in."""

    def __init__(self, arrived: Callable[[Path], None]) -> None:
        self._arrived = arrived

    def on_closed(self, event: FileSystemEvent) -> None:
        if isinstance(event, FileClosedEvent):
            self._arrived(Path(str(event.src_path)))

    def on_moved(self, event: FileSystemEvent) -> None:
        if isinstance(event, FileMovedEvent) or event.is_directory:
            self._arrived(Path(str(event.dest_path)))


class Watch:
    """One observer for all folders.

    `judge` reads the configuration and returns what is wrong with it, "" for nothing, None if it says what it did.
    """

    def __init__(self, post: Callable[[object], None], judge: Callable[[Path], str | None]) -> None:
        self._post = post
        self._judge = judge
        self._observer = Observer()

    def answers(self, folder: Path) -> None:
        self._schedule(folder, lambda path: self._post(Answered(path)) if path.suffix == ".json" else None)

    def imports(self, folder: Path) -> None:
        """`folder` is where complete bundles are moved or copied in."""
        self._schedule(folder, lambda path: self._post(Dropped(path)))

    def settings(self, file: Path) -> None:
        """Watches the folder: editors and configuration tools replace files rather than write them."""
        name = file.name

        def changed(path: Path) -> None:
            if path.name == name:
                problem = self._judge(file)
                if problem is not None:
                    self._post(SettingsChanged(problem))

        self._schedule(file.absolute().parent, changed)

    def start(self) -> None:
        self._observer.start()

    def stop(self) -> None:
        self._observer.stop()
        self._observer.join()

    def _schedule(self, folder: Path, arrived: Callable[[Path], None]) -> None:
        self._observer.schedule(_Arrivals(arrived), str(folder))
