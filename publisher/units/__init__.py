"""The official tree of administrative units, with dated names, and free groups of screens."""
