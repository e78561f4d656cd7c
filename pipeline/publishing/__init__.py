"""Publishing: record people's edits, give revisions to viewers, and export highlights.

Begin with `publish.py`. `revision_files.py` knows the files that viewers fetch, `adopt.py` restores a lost ledger from
them. `apply_edits.py` exports a draft for review and records what its editor changed. `exports/` renders highlights in
the formats of other tools. The command line and the web import this package; it stands above `pipeline/ledger`,
`pipeline/review` and `pipeline/network`.
"""
