"""What routes share: who calls, what is served, files, JSON, problems, caching, metrics.

Begin with `context.py`: it holds what one server serves, and gives it to routes. `middleware.py` surrounds every
request, `problems.py` turns every error into an answer, `auth.py` finds out who calls. `web/api`, `web/app.py` and
`kandian serve` import this package.
"""
