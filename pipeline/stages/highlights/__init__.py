"""Highlights."""
