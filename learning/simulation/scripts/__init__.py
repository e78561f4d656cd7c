"""Labelled scripts of shows: read, cut into blocks, augmented and timed.

Begin at script.py for what a script is, then script_files.py reads them, augmentation.py makes a new show from some,
and speech_timing.py gives every utterance its time and derives the truth. learning/simulation, training and fixtures
import this package.
"""
