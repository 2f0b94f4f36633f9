"""Compose, sign and announce: the keys, the outbox, the broker and the one process that owns the connection."""
