"""From evidence to takes: what is explained when, and how certain that is.

In order: `utterance_units.py` lays the grid, `discourse_classifier.py` says what hosts do, `features.py` and
`event_features.py` lay the evidence on it, `scorer.py` weighs it, `segmenter.py` decodes takes (`state_space.py`,
`semi_markov.py`) and `calibration.py` gives their confidence. `weights_bundle.py` loads what is learned. Imported by
the highlight stages, learning and `description`; imports `lexicon` and `text`.
"""
