"""`python -m bench serving`: many readers at once of published highlights and of product look-ups, and, by the same
readers in the same run, a FastAPI that says hello.

Each reader is a connection of one process and asks again as soon as it is answered, so the server is always busy.
Server and readers share this machine, and the figures include both.
"""

import asyncio
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil

from bench.scorecard import markdown_table
from domain.highlight import Highlight, HighlightsFile, PublicProduct
from pipeline.ledger.database import Ledger
from pipeline.ledger.location import open_configured_ledger
from pipeline.ledger.publications import add_publication
from pipeline.outputs.highlights_file import highlights_json
from pipeline.outputs.layout import INDEX_FILE

READERS = 200
SECONDS = 60.0
SESSIONS, HIGHLIGHTS, PRODUCTS = 50, 40, 100  # a shop's week: three-hour shows
START_S = 60.0
HELLO = """
import sys, socket, uvicorn
from fastapi import FastAPI
app = FastAPI()
@app.get("/")
def hello() -> dict[str, str]:
    return {"hello": "world"}
listener = socket.socket(fileno=int(sys.argv[1]))
uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off")).run(sockets=[listener])
"""
OURS = """
import sys, socket
from pathlib import Path
from pipeline.ledger.location import open_configured_ledger
from web.http.context import AppContext
from web.server import create_server
out = Path(sys.argv[2])
create_server(AppContext(out, open_configured_ledger(out))).run(sockets=[socket.socket(fileno=int(sys.argv[1]))])
"""


@dataclass(frozen=True, slots=True)
class Load:
    """The seconds that each answer took, and how many were not 200."""

    name: str
    latencies_s: tuple[float, ...]
    errors: int
    wall_s: float
    server_cpu_s: float

    def row(self) -> list[str]:
        """A row of the table."""
        quantiles = statistics.quantiles(self.latencies_s, n=100)
        rate, cost = len(self.latencies_s) / self.wall_s, 1000 * self.server_cpu_s / len(self.latencies_s)
        p50, p99 = 1000 * quantiles[49], 1000 * quantiles[98]
        counts = [f"{len(self.latencies_s)}", f"{self.errors}"]
        return [self.name, *counts, f"{rate:.0f}", f"{p50:.0f}", f"{p99:.0f}", f"{cost:.2f}"]


def report(seconds: float = SECONDS) -> str:
    """Measure a bare server, ours, and the bare one again."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        fill(out)
        highlights = [f"/v1/sessions/{quote(_name(n))}/highlights" for n in range(SESSIONS)]
        products = [f"/v1/explanations?product={n}" for n in range(PRODUCTS)]
        loads = [
            measured("bare FastAPI, hello", HELLO, out, ["/"], seconds / 3),
            measured("published highlights and product look-ups", OURS, out, _mixed(highlights, products), seconds),
            measured("bare FastAPI, hello, again", HELLO, out, ["/"], seconds / 3),
        ]
    print(f"{READERS} readers at once; load of the machine when done: {psutil.getloadavg()[0]:.1f}", file=sys.stderr)
    header = ("served", "answers", "errors", "a second", "p50, ms", "p99, ms", "server CPU an answer, ms")
    return markdown_table(header, [load.row() for load in loads])


def fill(out: Path) -> None:
    """Publish sessions whose results are made up: the ledger's rows, and the files that the API gives."""
    ledger = open_configured_ledger(out)
    try:
        for number in range(SESSIONS):
            _publish(ledger, out, _document(number))
    finally:
        ledger.close()


def measured(name: str, program: str, out: Path, paths: Sequence[str], seconds: float) -> Load:
    """Start a server, let readers ask it, and stop it."""
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as listener:
        command = [sys.executable, "-c", program, str(listener.fileno()), str(out)]
        server = subprocess.Popen(command, pass_fds=[listener.fileno()])
        port = listener.getsockname()[1]
    try:
        asyncio.run(_ask_once(port, paths[0]))  # it is up once it answers
        process = psutil.Process(server.pid)
        before, began = process.cpu_times(), time.monotonic()
        latencies, errors = asyncio.run(_readers(port, paths, seconds))
        wall_s, after = time.monotonic() - began, process.cpu_times()
    finally:
        server.terminate()
        server.wait()
    cpu_s = after.user + after.system - before.user - before.system
    return Load(name, tuple(latencies), errors, wall_s, cpu_s)


async def _readers(port: int, paths: Sequence[str], seconds: float) -> tuple[list[float], int]:
    until = time.monotonic() + seconds
    results = await asyncio.gather(*(_read(port, [*paths[n % len(paths) :], *paths], until) for n in range(READERS)))
    return [latency for latencies, _ in results for latency in latencies], sum(errors for _, errors in results)


async def _read(port: int, paths: Sequence[str], until: float) -> tuple[list[float], int]:
    """One reader on one connection. It opens a new one where the server closed it, which counts as an error."""
    latencies: list[float] = []
    errors, turn = 0, 0
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while time.monotonic() < until:
        began = time.monotonic()
        try:
            errors += await _ask(reader, writer, paths[turn % len(paths)]) != 200
        except (OSError, asyncio.IncompleteReadError, ValueError):
            errors += 1
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        latencies.append(time.monotonic() - began)
        turn += 1
    writer.close()
    return latencies, errors


async def _ask_once(port: int, path: str) -> None:
    async with asyncio.timeout(START_S):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        status = await _ask(reader, writer, path)
        writer.close()
    if status != 200:
        raise RuntimeError(f"{path} is answered by {status}")


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str) -> int:
    """GET `path`, read the whole answer, return its status."""
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    length = int(head.partition("content-length:")[2].partition("\r\n")[0])
    await reader.readexactly(length)
    return int(head.split(" ", 2)[1])


def _mixed(first: Sequence[str], second: Sequence[str]) -> list[str]:
    return [path for pair in zip([*first, *first], second, strict=True) for path in pair]


def _name(number: int) -> str:
    return f"直播-{number:03d}"


def _publish(ledger: Ledger, out: Path, document: HighlightsFile) -> None:
    folder = out / "published" / document.session_id / "r1"
    folder.mkdir(parents=True)
    (folder / INDEX_FILE).write_bytes(highlights_json(document))
    with ledger.write_transaction(document.session_id) as connection:
        add_publication(connection, document, "0" * 64, "bench")


def _document(number: int) -> HighlightsFile:
    products = tuple(_product(n) for n in range(PRODUCTS))
    highlights = tuple(_highlight(number, n) for n in range(HIGHLIGHTS))
    return HighlightsFile(
        "1.0", _name(number), 1, 10_800.0, "zh", "../replay-0/master.m3u8", products, highlights, (), ()
    )


def _product(number: int) -> PublicProduct:
    title = f"第{number}号商品 家用大容量便携式 多色可选"
    return PublicProduct(
        str(number), number, title, title[:6], "牌子", "百货", {"颜色": "白"}, 99.0, None, "CNY", None, None, None
    )


def _highlight(session: int, number: int) -> Highlight:
    product, start = str((session + number) % PRODUCTS), 250.0 * number
    return Highlight(
        id=f"h{session:05x}{number:05x}",
        product_ids=(product,),
        start=start,
        end=start + 200.0,
        seek=start,
        confidence=0.9,
        title="今天这个价格真的划算",
        summary="容量大，好清洗，三档可调，颜色随便挑，七天无理由。" * 2,
        moments=(),
        reasons=(),
        thumbnail=None,
        take=1,
        best_take=True,
        status="auto",
    )
