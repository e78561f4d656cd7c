"""The packaged replay in a real browser, without any player library."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from domain.progress import no_progress
from domain.replay import Replay
from domain.session import StartTime
from fixtures.media import PROBED, media_of, recording, sound_of
from pipeline.engine.stage import Part
from pipeline.stages.media.build_timeline import BuildTimeline
from pipeline.stages.media.choose_renditions import ChooseRenditions
from pipeline.stages.media.encode_video import EncodeVideo

pytestmark = pytest.mark.media

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SHOW = Path(__file__).parents[3] / "fixtures" / "shows" / "en-mini" / "recording.flv"
PAGE = "<!doctype html><meta charset=utf-8><video id=v src=master.m3u8 preload=auto></video>"
WAIT_MS = 30_000
STATE = """() => { const v = document.getElementById('v'); return {
    time: v.currentTime, duration: v.duration, width: v.videoWidth, height: v.videoHeight, ready: v.readyState,
    sound: v.webkitAudioDecodedByteCount, picture: v.webkitVideoDecodedByteCount,
    error: v.error && v.error.message } }"""

BUFFERED = """async ([folder, type]) => {
    const source = new MediaSource(), player = document.createElement('video');
    player.src = URL.createObjectURL(source);
    await new Promise(done => source.addEventListener('sourceopen', done, {once: true}));
    const buffer = source.addSourceBuffer(type);
    for (const name of ['init.mp4', '00000.m4s', '00001.m4s']) {
        buffer.appendBuffer(await (await fetch(`${folder}/${name}`)).arrayBuffer());
        await new Promise(done => buffer.addEventListener('updateend', done, {once: true}));
    }
    return [buffer.buffered.length, buffer.buffered.start(0), buffer.buffered.end(0)] }"""
"""What player libraries do: segments into a browser's buffer, which tells from when to when it can play."""
FOLDERS = {
    "h264-360p": 'video/mp4; codecs="avc1.64001f"',
    "av1-540p": 'video/mp4; codecs="av01.0.08M.08"',
    "audio": 'audio/mp4; codecs="mp4a.40.2"',
}


class Quiet(SimpleHTTPRequestHandler):
    """A file server that says nothing."""

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def replay(tmp_path_factory: pytest.TempPathFactory) -> Replay:
    """The English mini show, encoded in parts and packaged."""
    folder = tmp_path_factory.mktemp("replay")
    show = recording(SHOW)
    media = media_of(show)
    timeline = BuildTimeline()(media, PROBED)
    audio = sound_of(show, timeline, media=media)
    stage = EncodeVideo(part_s=25.0)
    encoding = ChooseRenditions().default_encoding(media)
    parts = []
    for index, span in enumerate(stage.parts(media, timeline)):
        scratch = folder / f"part {index}"
        scratch.mkdir()
        parts.append(stage(show, media, timeline, encoding, Part(index, span), scratch, no_progress))
    assert len(parts) == 3
    return stage.join(tuple(parts), encoding, audio, timeline, StartTime(None), folder)


@pytest.mark.browser
def test_picture_and_sound_begin_together_in_a_browsers_buffers(replay: Replay, browser: "Browser") -> None:
    (replay.folder / "empty.html").write_text("<!doctype html>", encoding="utf-8")
    with served(replay.folder) as address:
        page = browser.new_page()
        page.goto(f"{address}/empty.html")
        buffered = [page.evaluate(BUFFERED, [folder, type]) for folder, type in FOLDERS.items()]
        page.close()
    assert [count for count, _, _ in buffered] == [1, 1, 1]
    assert [start for _, start, _ in buffered] == pytest.approx([0, 0, 0], abs=0.001)
    assert [end for _, _, end in buffered] == pytest.approx([buffered[0][2]] * 3, abs=0.03)


def av1_alone(replay: Replay) -> str:
    """The master playlist without pictures of other codecs."""
    lines = (replay.folder / "master.m3u8").read_text(encoding="utf-8").splitlines()
    streams = [index for index, line in enumerate(lines) if line.startswith("#EXT-X-STREAM-INF")]
    others = {index for index in streams if 'CODECS="av01' not in lines[index]}
    kept = [line for index, line in enumerate(lines) if not {index, index - 1} & others]
    return "\n".join(kept) + "\n"


@pytest.mark.browser
@pytest.mark.parametrize("name", ["h264", "av1"])
def test_the_replay_plays_and_seeks_in_chromium(name: str, replay: Replay, browser: "Browser") -> None:
    """One codec at a time: Chromium's own HLS changes from AV1 to H.264 in mid-play, and then stands still."""
    (replay.folder / "av1.m3u8").write_text(av1_alone(replay), encoding="utf-8")
    (replay.folder / "index.html").write_text(PAGE.replace("master", name), encoding="utf-8")
    with served(replay.folder) as address:
        page = browser.new_page()
        page.goto(f"{address}/index.html")
        page.wait_for_function("document.getElementById('v').readyState >= 3", timeout=WAIT_MS)
        page.evaluate("document.getElementById('v').play()")
        page.wait_for_function("document.getElementById('v').currentTime > 1", timeout=WAIT_MS)
        playing = page.evaluate(STATE)
        page.evaluate(f"document.getElementById('v').currentTime = {replay.duration / 2}")
        after_seek = f"document.getElementById('v').currentTime > {replay.duration / 2 + 1}"
        page.wait_for_function(after_seek, timeout=WAIT_MS)
        sought = page.evaluate(STATE)
        page.close()
    sizes = {(made.rendition.width, made.rendition.height) for made in replay.renditions}
    assert (playing["width"], playing["height"]) in sizes  # the browser chooses by how fast it was served
    assert playing["duration"] == pytest.approx(replay.duration, abs=0.3)
    assert playing["sound"] > 0
    assert playing["picture"] > 0
    assert sought["sound"] > playing["sound"]
    assert sought["picture"] > playing["picture"]
    assert sought["error"] is None
