"""Sound as numbers: loudness, limits, pitch, and the tones before speech."""
