"""The review: people's edits, and how they change what the machine finds. Pure functions but for two readers of files.

`decisions.py` folds edits into one decision for each highlight, `merge_edits.py` merges decisions with the machine's
takes, and `draft.py` gives the session as editors see it: begin there. Edits come from an edited file
(`edited_file.py`, `difference.py`) or from the API (`api_operations.py`); both use `edit_checks.py` and `make_edit.py`.
Stages, the ledger, publishing, the command line and the web import this package; it imports none of them.
"""
