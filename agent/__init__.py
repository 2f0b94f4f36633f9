"""Keeps one screen's content right and reports on it: the network side of a sign, without a panel."""
