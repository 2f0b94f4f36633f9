"""The panels, one file a driver, and what several of them share."""
