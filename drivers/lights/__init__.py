"""The light sensors, one file a driver."""
