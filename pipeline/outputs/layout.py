"""layout"""

INDEX_FILE = "highlights.json"

REPORT_FILE = "report.json"

PARTIAL_SUFFIX = ".partial"  # how names of files end that are being written


TAKES_FILE = "takes.json"
