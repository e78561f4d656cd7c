"""An error model of speech recognisers, for Mandarin and English.

Begin at noisy_transcript.py, which makes a transcript from timed utterances. error_model.py decides which units are
misheard and as what; spoken_units.py splits utterances into units; confusions.toml says which sounds are confused. Only
learning/simulation imports this package.
"""
