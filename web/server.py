"""The server of `kandian serve`: one process for one folder of results."""

import uvicorn

from web.app import create_app
from web.http.context import AppContext

MAX_CONNECTIONS = 1000  # a request beyond is answered 503
KEEP_ALIVE_TIMEOUT_S = 15
SHUTDOWN_TIMEOUT_S = 5


def create_server(context: AppContext) -> uvicorn.Server:
    """A server of `context` that only needs a socket to listen on."""
    config = uvicorn.Config(
        create_app(context),
        log_level="warning",
        access_log=False,  # addresses contain what people search for
        server_header=False,
        proxy_headers=False,
        lifespan="off",
        ws="none",
        limit_concurrency=MAX_CONNECTIONS,
        timeout_keep_alive=KEEP_ALIVE_TIMEOUT_S,
        timeout_graceful_shutdown=SHUTDOWN_TIMEOUT_S,
    )
    return uvicorn.Server(config)
