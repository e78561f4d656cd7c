"""`kandian serve`: one process that serves one folder of results, to this machine unless told otherwise."""

import uvicorn

from web.app import create_app
from web.http.context import AppContext

MAX_CONNECTIONS = 1000  # connections; those beyond are told to come again
KEEP_ALIVE_TIMEOUT_S = 15
SHUTDOWN_TIMEOUT_S = 5


def create_server(context: AppContext) -> uvicorn.Server:
    """A server that only needs a socket to listen on."""
    config = uvicorn.Config(
        create_app(context),
        log_level="warning",
        access_log=False,  # addresses hold what people search for
        server_header=False,
        proxy_headers=False,
        lifespan="off",
        ws="none",
        limit_concurrency=MAX_CONNECTIONS,
        timeout_keep_alive=KEEP_ALIVE_TIMEOUT_S,
        timeout_graceful_shutdown=SHUTDOWN_TIMEOUT_S,
    )
    return uvicorn.Server(config)
