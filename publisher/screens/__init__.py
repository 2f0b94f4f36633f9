"""Screens: claimed by a one-time code, their last state, health, plays and picture."""
