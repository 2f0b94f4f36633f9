"""Voice files: where they come from, what they must be, how they are put in place."""
