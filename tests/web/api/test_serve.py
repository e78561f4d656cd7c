"""`kandian serve` as people start it: a real server on loopback, once."""

import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from kandian.cli.serve import ListenAddress
from tests.conftest import Command

pytestmark = pytest.mark.media

NAME = "%E5%8F%8C%E5%8D%81%E4%B8%80"


def test_it_opens_by_its_link_gives_parts_of_media_and_stops_at_a_signal(done_out: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shutil.copytree(done_out, out, ignore=shutil.ignore_patterns(".store"))
    command = [sys.executable, "-m", "kandian", "serve", str(out), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        lines = [server.stdout.readline() for _ in range(3)]
        try:
            link = re.search(r"http://127\.0\.0\.1:\d+/\?key=\S+", lines[1])
            assert link is not None, lines
            browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
            assert browser.open(link[0]).status == 200
            address = link[0].partition("?")[0]
            media = f"{address}v1/sessions/{NAME}/draft/files/replay/master.m3u8"
            part = browser.open(urllib.request.Request(media, headers={"Range": "bytes=0-6"}))
            assert (part.status, part.read()) == (206, b"#EXTM3U")
            assert _status(link[0]) == 403
            assert _status(media) == 401
        finally:
            server.send_signal(signal.SIGTERM)
        assert server.wait() == 0


def _status(address: str) -> int:
    """What a browser that nobody knows gets."""
    try:
        with urllib.request.urlopen(address) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_it_says_what_to_do_where_there_is_nothing_to_serve(
    kandian_command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # no checkout, whose small shows would be made
    answer = kandian_command("serve", "--port", "0")
    assert (answer.code, "kandian run" in answer.err) == (2, True)


def test_a_folder_that_was_named_gets_no_shows_of_ours(kandian_command: Command, tmp_path: Path) -> None:
    """pytest runs in a checkout, which has small shows: a name that is mistyped must not make them."""
    answer = kandian_command("serve", tmp_path / "ouch", "--port", "0")
    assert (answer.code, "no results" in answer.err) == (2, True)
    assert not (tmp_path / "ouch").exists()


@pytest.mark.slow
def test_where_there_is_nothing_it_makes_and_publishes_the_small_shows_of_the_checkout(
    tiny_show: Path, tmp_path: Path
) -> None:
    shutil.copytree(tiny_show, tmp_path / "fixtures" / "shows" / tiny_show.name)
    command = [sys.executable, "-m", "kandian", "serve", "--port", "0"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            address = next(line for line in server.stdout if line.startswith("open ")).split()[1].partition("?")[0]
            assert urllib.request.urlopen(f"{address}published/{NAME}/latest.json").status == 200
        finally:
            server.send_signal(signal.SIGTERM)


def test_a_port_that_is_taken_is_told(kandian_command: Command, done_out: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        answer = kandian_command("serve", done_out, "--port", taken.getsockname()[1])
    assert (answer.code, "--port" in answer.err) == (2, True)


def test_names_of_this_machine_are_taken_as_they_are_given() -> None:
    assert {"kandian.example", "::1"} < ListenAddress("0.0.0.0", 1, ("Kandian.example",)).allowed_hosts
    assert "0.0.0.0" not in ListenAddress("0.0.0.0", 1).allowed_hosts
