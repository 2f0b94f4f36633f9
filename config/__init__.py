"""Settings: defaults, files and validation that names every error at once."""
