"""What a build needs code for: the rooms at the root are the import packages themselves."""

from __future__ import annotations

from setuptools import find_namespace_packages, setup

ROOMS = ("agent", "config", "drivers", "player", "publisher", "tts")

setup(
    # Folders of data count as packages, so that the build takes them along without complaint.
    packages=find_namespace_packages(
        where=".", include=[pattern for room in ROOMS for pattern in (room, f"{room}.*")], exclude=["*.__pycache__*"]
    ),
    package_dir={"": "."},
    py_modules=["bangtin"],
    package_data={room: ["**/*"] for room in ROOMS},
    exclude_package_data={"": ["__pycache__/*", "*.pyc"]},
)
