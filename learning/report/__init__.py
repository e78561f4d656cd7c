"""The page of `kandian quality --html`: one file that needs nothing else and shows what went wrong where.

Begin at page.py, which puts the parts together. A show's timeline is stacked in timeline.py from the rows of bars.py
(truth, highlights, suggestions) and evidence_rows.py; figure.py holds what all rows share; html_tree.py makes elements.
Only the command line imports this package.
"""
