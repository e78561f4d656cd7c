"""The JSON API: one module for each kind of thing, each with a router named `routes`.

`web/app.py` includes the routers. Begin with `highlights.py` (open to everybody) or `drafts.py` (needs a token). Every
answer is a frozen dataclass whose name is its schema in docs/openapi.json; `paging.py` cuts long answers into pages.
"""

PREFIX = "/v1"
