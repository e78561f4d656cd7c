"""What `kandian quality` writes: tables for terminals and Markdown pages, and an HTML page that shows what went wrong
where.

Begin at tables.py for the tables, which text_report.py and scorecard_file.py write, and at page.py for the HTML page. A
show's timeline is stacked in timeline.py from the rows of bars.py (truth, highlights, suggestions) and
evidence_rows.py; figure.py holds what all rows share; html_tree.py makes elements.
Only the command line imports this package.
"""
