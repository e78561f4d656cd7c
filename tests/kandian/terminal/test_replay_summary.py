"""The lines of `kandian show` about the encode."""

from dataclasses import replace
from io import StringIO

from rich.console import Console

from domain.replay import SkippedRendition
from kandian.terminal.replay_summary import print_replay
from pipeline.outputs.report import AudioReport, QualityReport, RenditionReport, ReplayReport, SearchReport

AV1 = RenditionReport("av1-720p", 720, 1280, 1_000_000, 812.4, 35)


def printed_replay(replay: ReplayReport) -> str:
    console = Console(file=StringIO(), width=400)
    print_replay(replay, console)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def test_renditions_and_gain_are_told() -> None:
    text = printed_replay(ReplayReport(720, 1280, 2_000_000, 900.0, (AV1,), AudioReport(-23.04, 7.04)))
    assert text == "Replay av1-720p: 812 kbit/s (crf 35)\nReplay sound: recorded at -23.0 LUFS, +7.0 dB\n"


def test_quality_and_savings_are_told_and_why_a_target_was_missed() -> None:
    quality = QualityReport(91.24, 84.0, -0.031, 812.4, "its picture must not be larger than the recorded one")
    lean = replace(AV1, raised_parts=2, saved_to_source=0.062, quality=quality)
    searched = SearchReport(18.0, 0.118)
    text = printed_replay(ReplayReport(720, 1280, 2_000_000, 900.0, (lean,), search=searched))
    assert text.splitlines() == [
        "Replay av1-720p: 812 kbit/s (crf 35, 2 parts higher to stay below the recording), VMAF 91.2, lowest 5 % 84.0 "
        "(below the target: its picture must not be larger than the recorded one), 6% fewer bits than the recording, "
        "3% more bits than x264 veryfast at the same VMAF, 812 CPU s an hour",
        "Replay quality: measured on 18 s of samples, at 12% of the encode's CPU",
    ]


def test_what_was_left_out_or_not_measured_is_told() -> None:
    searched, left_out = (
        SearchReport(0.0, None, "the show is too short for samples"),
        SkippedRendition("av1-720p", "is larger"),
    )
    text = printed_replay(ReplayReport(720, 1280, 2_000_000, 900.0, search=searched, left_out=(left_out,)))
    assert text.splitlines() == [
        "Replay av1-720p: left out, it is larger",
        "Replay quality: not measured, the show is too short for samples",
    ]


def test_a_copy_is_told_and_what_of_it_had_to_be_encoded() -> None:
    whole = RenditionReport("h264-720p", 720, 1280, 1_000_000, 1500.0, 24, is_copy=True)
    text = printed_replay(ReplayReport(720, 1280, 2_000_000, 900.0, (whole, replace(whole, encoded_seconds=600.0))))
    assert "Replay h264-720p: 1500 kbit/s (a copy)\n" in text
    assert "(a copy, but for 600 s at crf 24)" in text


def test_silence_is_called_silent() -> None:
    assert "sound: silent" in printed_replay(ReplayReport(720, 1280, 2_000_000, 900.0, (AV1,), AudioReport(None, 0.0)))


def test_nothing_is_told_of_a_report_of_old() -> None:
    assert printed_replay(ReplayReport(720, 1280, 2_000_000, 900.0)) == ""
