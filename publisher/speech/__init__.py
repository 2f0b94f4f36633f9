"""Words spoken here once for many boards: a voice that small ones have no room for, sent to them as a file."""
