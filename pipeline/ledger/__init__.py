"""The ledger: a database of what people did - edits, publications - by SQLAlchemy Core, on SQLite or PostgreSQL."""

LEDGER_FILE = "ledger.db"  # in OUT
LEDGER_VARIABLE = "KANDIAN_LEDGER"  # an address may hold a password
