"""Names of files in a results folder, OUT/SESSION_ID/."""

INDEX_FILE = "highlights.json"
REPORT_FILE = "report.json"
TAKES_FILE = "takes.json"

TRANSCRIPT_VTT_FILE, TRANSCRIPT_JSON_FILE = "transcript.vtt", "transcript.json"

PUBLISHED_DIR, LATEST_FILE = "published", "latest.json"  # OUT/published/SESSION_ID/latest.json
