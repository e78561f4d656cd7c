"""The line of `kandian show` about the encode."""

from dataclasses import replace
from io import StringIO

from rich.console import Console

from pipeline.replay_text import show_replay
from pipeline.report import RenditionReport, ReplayReport, SoundReport

AV1 = RenditionReport("av1-720p", 720, 1280, 1_000_000, 812.4, 35)


def told(replay: ReplayReport) -> str:
    console = Console(file=StringIO(), width=300)
    show_replay(replay, console)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def test_renditions_and_gain_are_told() -> None:
    said = told(ReplayReport(720, 1280, 2_000_000, 900.0, (AV1,), SoundReport(-23.04, 7.04)))
    assert said == "Replay: av1-720p 812 kbit/s (crf 35), sound recorded at -23.0 LUFS, +7.0 dB\n"


def test_a_copy_is_told_and_what_of_it_had_to_be_encoded() -> None:
    whole = RenditionReport("h264-720p", 720, 1280, 1_000_000, 1500.0, 24, is_copy=True)
    said = told(ReplayReport(720, 1280, 2_000_000, 900.0, (whole, replace(whole, encoded_seconds=600.0))))
    assert said.startswith(
        "Replay: h264-720p 1500 kbit/s (a copy), h264-720p 1500 kbit/s (a copy, but for 600 s at crf"
    )


def test_silence_is_called_silent() -> None:
    assert "sound silent" in told(ReplayReport(720, 1280, 2_000_000, 900.0, (AV1,), SoundReport(None, 0.0)))


def test_nothing_is_told_of_a_report_of_old() -> None:
    assert told(ReplayReport(720, 1280, 2_000_000, 900.0)) == ""
