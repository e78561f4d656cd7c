"""Asr noise."""
