"""Names of files in a results folder, OUT/SESSION_ID/."""

INDEX_FILE = "highlights.json"
REPORT_FILE = "report.json"
TAKES_FILE = "takes.json"
