"""HTTP: the JSON API, published files for players, and the pages that `make web` builds into web/static.

Begin with `app.py`, which puts all routes behind the middleware, and `server.py`, which runs it. `api/` has the routes
of the JSON API, `http/` what they share. `player/` is the player in TypeScript. `openapi.py` and `api_types.py`
describe the API. Only `kandian` imports this package; it imports `pipeline` and `domain`.
"""
