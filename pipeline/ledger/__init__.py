"""The ledger: a database of what people did (edits, publications, tokens) and of what viewers search.

It uses SQLAlchemy Core, on SQLite or PostgreSQL. `tables.py` names the tables and `migrations/` makes them. A module
for each subject reads and writes them: `edit_log.py`, `publications.py`, `transcript_search.py`, `tokens.py`,
`deliveries.py`. Begin with `database.py` (opening, transactions) and `location.py` (which database it is).
`pipeline/publishing`, `pipeline/network`, `kandian` and `web` import it; it imports `pipeline/review`.
"""

LEDGER_FILE = "ledger.db"  # in OUT
LEDGER_VARIABLE = "KANDIAN_LEDGER"  # an address may hold a password
