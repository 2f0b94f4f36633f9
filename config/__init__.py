"""Settings: defaults, files and validation that names every error at once."""

from config.faults import ConfigError, Fault
from config.loader import effective, load_screen
from config.settings import ScreenSettings

__all__ = ["ConfigError", "Fault", "ScreenSettings", "effective", "load_screen"]
