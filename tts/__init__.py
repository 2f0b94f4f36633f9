"""Text to words to sound: the Vietnamese reader, the voices and their loudness."""
