"""Everything that needs shows with truth: evaluation, the page of `kandian quality`, simulation and training.

Begin at evaluation/scorecard.py for how highlights are measured, at simulation/simulate.py for how shows are made from
scripts, and at training/train.py for how the models are fitted. Only the command line, fixtures and tests import this
package; it imports pipeline and what lies below.
"""
