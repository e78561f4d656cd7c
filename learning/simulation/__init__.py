"""Simulated shows with truth, to fit models on and to test them with writers that they have not seen.

Begin at simulate.py: it augments scripts (scripts/), times them, and derives transcript (asr_noise/), event log and
sightings. profiles.toml has the kinds of recognisers, rooms and cameras; show_variation.py says how far shows differ
from rooms like the scripts'. wrong_bag_lessons.py gives each show again with a catalogue of which nothing is shown;
same_kind.py reads those of the same kind of things. Training, fixtures and tests import this package.
"""
