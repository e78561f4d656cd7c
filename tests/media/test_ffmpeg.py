"""ffmpeg as a child: its limits, and how its failures are reported."""

import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from domain.errors import MediaError, ToolError
from fixtures.media import Clip, info_of, rendered
from media import ffmpeg
from media.demuxer import generated_mp4_duration

pytestmark = pytest.mark.media

SHOW = Path(__file__).parents[2] / "fixtures" / "shows" / "zh-mini" / "recording.flv"
ENDLESS = "testsrc=s=64x64:r=10"


def endless(file: Path) -> Any:
    import ffmpeg as graph

    return graph.output(
        graph.input(ENDLESS, format="lavfi", re=None)["v"], str(file), format="mp4", vcodec="mpeg4", t=600
    )


def test_the_version_is_a_number() -> None:
    assert int(ffmpeg.version().lstrip("n").split(".")[0]) >= ffmpeg.MIN_VERSION


def test_a_program_that_somebody_killed_is_asked_once_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It kills itself the first time, as a system short of memory would."""
    program, asked = tmp_path / "program", tmp_path / "asked"
    encoders = " ".join(f" {name} " for name in ffmpeg.REQUIRED_ENCODERS)
    program.write_text(
        f'#!/bin/sh\n[ -e "{asked}" ] || {{ : > "{asked}"; kill -9 $$; }}\necho "ffmpeg version 99 {encoders}"\n',
        encoding="utf-8",
    )
    program.chmod(0o755)
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(program))
    assert ffmpeg.binary.__wrapped__() == program


def test_progress_reaches_the_end(tmp_path: Path) -> None:
    reported: list[float] = []

    def progress(done: float) -> None:
        reported.append(done)

    info = info_of(SHOW)
    output = ffmpeg.reproducible_output(
        ffmpeg.recording_input(SHOW, info)["V:0"], str(tmp_path / "nothing"), format="null"
    )
    ffmpeg.run(output, ffmpeg.FfmpegJob(SHOW, info.duration, progress))
    assert reported == sorted(reported)
    assert any(0.05 < done < 0.95 for done in reported)
    assert reported[-1] == 1.0


def test_a_run_beyond_its_time_limit_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ffmpeg, "MIN_TIME_LIMIT_S", 0.5)
    with pytest.raises(ToolError, match="was stopped after"):
        ffmpeg.run(endless(tmp_path / "out.mp4"), ffmpeg.FfmpegJob(None, 0.0))
    assert running_children() == []


def running_children() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if "ffmpeg" in child.name()]


def test_a_killed_child_is_the_machines_fault(tmp_path: Path) -> None:
    def kill() -> None:
        while not running_children():
            time.sleep(0.01)
        running_children()[0].send_signal(signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(ToolError, match="killed by signal 9"):
        ffmpeg.run(endless(tmp_path / "out.mp4"), ffmpeg.FfmpegJob(Path("show.flv"), 60.0))
    killer.join()


def busy() -> Any:
    import ffmpeg as graph

    return graph.output(graph.input("testsrc=s=8192x8192:r=100", format="lavfi")["v"], "-", format="null", t=600)


def test_a_decoder_that_works_without_end_is_the_inputs_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ffmpeg, "CPU_TIME_SHARE", 1 / ffmpeg.MIN_TIME_LIMIT_S)
    with pytest.raises(MediaError, match=r"show\.flv: takes more than 1 s of processor time"):
        ffmpeg.run(busy(), ffmpeg.FfmpegJob(Path("show.flv"), 0.0))


def test_a_decoder_that_swells_is_the_inputs_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ffmpeg, "FFMPEG_MEMORY_MB", 400)
    with pytest.raises(MediaError, match=r"show\.flv: takes more than 400 MB of memory"):
        ffmpeg.run(busy(), ffmpeg.FfmpegJob(Path("show.flv"), 0.0))


def test_a_watcher_that_stops_the_work_stops_the_child(tmp_path: Path) -> None:
    def stop(done: float) -> None:
        raise KeyboardInterrupt(done)

    with pytest.raises(KeyboardInterrupt):
        ffmpeg.run(endless(tmp_path / "out.mp4"), ffmpeg.FfmpegJob(None, 60.0, stop))
    assert running_children() == []


def test_a_child_dies_with_its_parent(tmp_path: Path) -> None:
    script = f"""
        from pathlib import Path
        import ffmpeg as graph
        from media import ffmpeg
        source = graph.input("{ENDLESS}", format="lavfi", re=None)["v"]
        output = graph.output(source, r"{tmp_path}/out.mp4", vcodec="mpeg4", t=600)
        ffmpeg.run(output, ffmpeg.FfmpegJob(None, 60.0, lambda done: print("going", flush=True)))
    """
    parent = subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)], stdout=subprocess.PIPE)
    with parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        children = psutil.Process(parent.pid).children()
        parent.kill()
    assert children
    assert psutil.wait_procs(children, timeout=10)[1] == []


def test_unreadable_media_is_the_inputs_fault(tmp_path: Path) -> None:
    file = rendered(Clip(".flv"))
    info = info_of(file)
    broken = tmp_path / "broken.flv"
    broken.write_bytes(b"FLV" + b"\xff" * 4000)
    output = ffmpeg.reproducible_output(ffmpeg.recording_input(broken, info)["V:0"], str(tmp_path / "out.mp4"))
    with pytest.raises(MediaError, match="cannot be decoded"):
        ffmpeg.run(output, ffmpeg.FfmpegJob(broken, 6.0))


def test_a_playlist_is_not_followed_by_ffmpeg_either(tmp_path: Path) -> None:
    file = rendered(Clip(".ts"))
    info = info_of(file)
    playlist = tmp_path / "recording.ts"
    playlist.write_text(f"#EXTM3U\n#EXTINF:6,\n{file}\n#EXT-X-ENDLIST\n", encoding="utf-8")
    out = tmp_path / "out.mp4"
    with pytest.raises(MediaError):
        ffmpeg.run(
            ffmpeg.reproducible_output(ffmpeg.recording_input(playlist, info)["V:0"], str(out)),
            ffmpeg.FfmpegJob(playlist, 6.0),
        )


def test_an_error_quotes_the_command_and_ffmpegs_message(tmp_path: Path) -> None:
    file = rendered(Clip(".flv"))
    source = ffmpeg.recording_input(file, info_of(file))
    output = ffmpeg.reproducible_output(source["V:0"], str(tmp_path / "missing" / "out.mp4"))
    with pytest.raises(ToolError) as caught:
        ffmpeg.run(output, ffmpeg.FfmpegJob(file, 6.0))
    assert "-i file:" in str(caught.value)
    assert "No such file or directory" in str(caught.value)


def test_an_encoder_that_ends_while_it_is_fed_is_reported(tmp_path: Path) -> None:
    import ffmpeg as graph

    output = graph.output(graph.input("pipe:0", format="s16le", ar=16000, ac=1)["a"], str(tmp_path / "no" / "a.mp4"))
    blocks = (bytes(1 << 20) for _ in range(50))
    with pytest.raises(ToolError, match="failed with exit code"):
        ffmpeg.feed_stdin(output, blocks, ffmpeg.FfmpegJob(None, 1.0))


def test_a_truncated_output_has_no_length(tmp_path: Path) -> None:
    whole = rendered(Clip(has_sound=False))
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole.read_bytes()[:-500])
    assert generated_mp4_duration(whole) == pytest.approx(6.0, abs=0.11)
    with pytest.raises(ToolError, match="not written whole"):
        generated_mp4_duration(cut)


def test_a_missing_program_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(ffmpeg, "binary", lambda: tmp_path / "ffmpeg")
    with pytest.raises(ToolError, match="does not start"):
        ffmpeg.run(endless(tmp_path / "out.mp4"), ffmpeg.FfmpegJob(None, 1.0))


def test_importing_it_loads_nothing_heavy() -> None:
    script = "import sys, media.ffmpeg, media.keyframes, media.images, media.package.hls; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert not {"av", "cv2", "ffmpeg", "imageio_ffmpeg"} & set(loaded)
