"""How good the highlights are: ground truth, metrics, baselines, ablations and the score card.

Begin at scorecard.py, which puts the figures together from metrics.py, reliability.py, slices.py and
operating_points.py. learning/report writes them. evaluated_show.py loads what a run has delivered.
Only the command line and the rest of learning import this package.
"""
