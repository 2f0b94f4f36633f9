"""LED modules behind a helper process: mapping, protocols, and the line between player and helper."""
