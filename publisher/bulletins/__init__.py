"""Bulletins from the first word to the last showing: written, approved, on air, taken off."""
