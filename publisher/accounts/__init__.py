"""People, their roles in a unit, and technicians' own broker credentials."""
