"""A site with the built player and a short show, as MP4 and as HLS with separate audio, under a strict policy."""

import json
import re
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from fixtures.media import Clip, rendered
from media import ffmpeg

WEB = Path(__file__).parents[2] / "web"
STATIC = WEB / "static"
LENGTH_S = 8.0
ATTACK = '"><img src=x onerror="window.attacked=1"><script>window.attacked=1</script>\'`${window.attacked=1}'
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https:; media-src 'self' blob:; "
    "connect-src 'self'; require-trusted-types-for 'script'; base-uri 'none'; form-action 'none'"
)
TYPES = {".js": "text/javascript", ".vtt": "text/vtt", ".m3u8": "application/vnd.apple.mpegurl"}
PAGE = (
    "<!doctype html><html lang=zh><meta charset=utf-8><meta name=viewport content=width=device-width>"
    "<link rel=stylesheet href=page.css><title>replay</title><script type=module src=player/kandian-player.js></script>"
    "<main><h1>replay</h1>{}</main></html>"
)
PAGES = {
    "mp4.html": "<kandian-player highlights=show/highlights.json src=show/replay.mp4></kandian-player>",
    "hls.html": "<kandian-player highlights=show/highlights.json></kandian-player>",
    "latest.html": "<kandian-player highlights=published/latest.json></kandian-player>",
    "attack.html": "<kandian-player highlights=show/attack.json show-confidence></kandian-player>",
    "busy.html": "<kandian-player src=demo/busy.mp4></kandian-player>",
    "timeline.html": (
        "<video id=other src=show/replay.mp4 muted></video>"
        "<kandian-timeline for=other src=show/highlights.json></kandian-timeline>"
    ),
    "bar.html": "<kandian-timeline overlay></kandian-timeline>",
}
Row = tuple[str, str, float, float]
ROWS: tuple[Row, ...] = (
    ("h1", "towel", 1.0, 2.5),
    ("h2", "brush", 2.5, 4.0),
    ("h3", "towel", 5.0, 7.0),
)
NAMES = {"towel": "纯棉毛巾", "brush": "电动牙刷"}


class Site(SimpleHTTPRequestHandler):
    """Files with ranges, as a media server gives them, and the policy on every page."""

    protocol_version = "HTTP/1.1"
    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, **TYPES}  # noqa: RUF012  # as its base declares it

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def do_GET(self) -> None:
        byte_range = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range") or "")
        file = Path(self.translate_path(self.path))
        if byte_range is None or not file.is_file():
            return super().do_GET()
        whole = file.read_bytes()
        first, last = int(byte_range[1]), min(int(byte_range[2] or len(whole)), len(whole) - 1)
        self.send_response(206)
        self.send_header("Content-Type", self.guess_type(str(file)))
        self.send_header("Content-Range", f"bytes {first}-{last}/{len(whole)}")
        self.send_header("Content-Length", str(last - first + 1))
        self.end_headers()
        self.wfile.write(whole[first : last + 1])
        return None


def highlight(row: Row, take: int, text: str | None = None) -> dict[str, object]:
    name, product, start, end = row
    moments = [{"kind": "price", "at": start + 0.5, "quote": text or "今天四十块"}]
    return {
        "id": name,
        "product_ids": [product],
        "start": start,
        "end": end,
        "seek": start,
        "confidence": 0.9,
        "title": text or NAMES[product],
        "summary": text or "",
        "moments": moments,
        "reasons": [],
        "thumbnail": None,
        "take": take,
        "best_take": name != "h1",
        "status": "auto",
    }


def product(name: str, text: str | None = None) -> dict[str, object]:
    return {
        "product_id": name,
        "link_no": 1,
        "title": text or f"{NAMES[name]}家用装",
        "short_name": text or NAMES[name],
        "brand": text or "",
        "category": "",
        "attributes": {},
        "price": 39.9,
        "list_price": 79.0,
        "currency": text or "CNY",
        "image": None if text is None else f"javascript:{text}",
        "url": "https://shop.example/towel" if text is None else "javascript:window.attacked=1",
        "service_url": None if text is None else "data:text/html,<script>window.attacked=1</script>",
    }


def show(text: str | None = None) -> dict[str, object]:
    """highlights.json; with `text` for every string that a merchant or a host may choose."""
    takes = {"h1": 1, "h2": 1, "h3": 2}
    return {
        "schema_version": "1.0",
        "session_id": "tiny",
        "revision": 3,
        "duration": LENGTH_S,
        "language": "zh",
        "replay": "replay/master.m3u8",
        "products": [product(name, text) for name in NAMES],
        "highlights": [highlight(row, takes[row[0]], text) for row in ROWS],
        "suggestions": [{**highlight(("doubtful", "brush", 7.0, 7.5), 2), "title": "只给编辑看"}],
        "unexplained": [],
    }


def write_show(folder: Path) -> None:
    """Eight seconds with a tone, as one MP4 and as HLS whose audio is a rendition of its own."""
    import ffmpeg as graph

    mp4 = rendered(Clip(length_s=LENGTH_S, width=160, height=96, rate=10))
    (folder / "replay").mkdir(parents=True)
    shutil.copy(mp4, folder / "replay.mp4")
    packaged: dict[str, Any] = {"c": "copy", "f": "hls", "hls_time": 2, "hls_playlist_type": "vod"}
    packaged |= {"hls_segment_type": "fmp4", "hls_fmp4_init_filename": "init-%v.mp4", "master_pl_name": "master.m3u8"}
    packaged["var_stream_map"] = "v:0,agroup:sound a:0,agroup:sound,default:yes"
    packaged["hls_segment_filename"] = str(folder / "replay" / "%v-%d.m4s")
    media = graph.input(str(mp4))
    tracks = graph.output(media["v"], media["a"], str(folder / "replay" / "%v.m3u8"), **packaged)
    ffmpeg.run(tracks, ffmpeg.FfmpegJob(None, LENGTH_S))
    write_text(folder, "highlights.json", json.dumps(show()))
    write_text(folder, "attack.json", json.dumps(show(ATTACK)))
    write_text(folder, "transcript.vtt", "WEBVTT\n\n00:03.000 --> 00:04.000\n这支牙刷<b>很</b>轻 &lt;真的&gt;\n")
    write_text(folder, "thumbnails.vtt", f"WEBVTT\n\n00:00.000 --> 00:08.000\njavascript:{ATTACK}#xywh=0,0,9,9\n")


def write_text(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the site."""
    if not (STATIC / "player" / "kandian-player.js").is_file():
        pytest.fail("web/static is not built; run make web")
    folder = tmp_path_factory.mktemp("site")
    for part in ("player", "demo"):
        (folder / part).symlink_to(STATIC / part)
    write_show(folder / "show")
    (folder / "published").mkdir()
    write_text(folder / "published", "latest.json", '{"revision": 1, "highlights": "../show/highlights.json"}')
    write_text(folder, "page.css", "body { margin: 0 } kandian-timeline { margin: 300px 8px 0 }")
    for name, body in PAGES.items():
        write_text(folder, name, PAGE.format(body))
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Site, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
