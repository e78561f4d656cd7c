"""From evidence to takes: what is explained when, and how certain that is.

In order: `discourse_classifier.py` says what hosts do on the grid of models/evidence, `event_features.py` adds the
event log, `scorer.py` weighs all evidence, `segmenter.py` makes takes of what `decoding.py` finds (`state_space.py`,
`semi_markov.py`, `candidate_takes.py`), and `calibration.py` gives their chances. `weights_bundle.py` loads what is
learned. Imported by the highlight stages, learning and `description`.
"""
