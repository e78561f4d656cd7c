"""Fits everything that kandian learns about shows: discourse, evidence weights, bundles and chances.

Begin at train.py. training_shows.py says what a show to learn from is, lessons.py simulates such shows, and
show_evidence.py makes their evidence by the flow's own stages. fit_discourse.py, fit_scores.py (with weight_priors.py
and batched_forward_backward.py) and fit_confidence.py are the three fits; held_out_check.py reports on shows of other
writers. Only the command line and fold jobs import this package.
"""
