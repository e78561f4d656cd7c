"""Fits everything that kandian learns about shows."""
