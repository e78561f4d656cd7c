"""report.json: what a show cost, and what people should know."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fixtures.tiny_show import write_catalog
from pipeline.engine.stage import stage_name
from pipeline.flow import STAGES, select_stages
from pipeline.publishing.exports.show_facts import ShowFacts, read_show_facts
from pipeline.run import RunConfig, run

Command = Callable[..., Any]


def report_in(out: Path) -> dict[str, Any]:
    report: dict[str, Any] = json.loads((out / "双十一" / "report.json").read_text(encoding="utf-8"))
    return report


def test_every_stage_that_ran_is_reported_once_with_its_cost(done_out: Path) -> None:
    stages = {stage["stage"]: stage for stage in report_in(done_out)["stages"]}
    assert stages.keys() == {
        stage_name(stage) for stage in select_stages([kind() for kind in STAGES], has_captions=True)
    }
    assert all(stage["wall_seconds"] >= 0 and stage["tasks"] >= 1 for stage in stages.values())
    assert stages["encode_video"]["tasks"] == 2  # its part, and the joining
    assert stages["encode_video"]["cpu_seconds"] > 0
    assert stages["encode_video"]["peak_memory_mb"] > 10


def test_sums_are_those_of_the_stages(done_out: Path) -> None:
    report = report_in(done_out)
    assert report["cpu_seconds"] == pytest.approx(sum(stage["cpu_seconds"] for stage in report["stages"]), abs=0.01)
    assert report["peak_memory_mb"] == max(stage["peak_memory_mb"] for stage in report["stages"])


def test_the_replay_is_reported_by_size_and_rate(done_out: Path) -> None:
    replay, folder = report_in(done_out)["replay"], done_out / "双十一" / "replay"
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    assert (replay["width"], replay["height"], replay["size_bytes"]) == (160, 96, size)
    assert replay["kilobits_per_second"] == pytest.approx(size * 8 / 1000 / report_in(done_out)["duration"], abs=0.1)


def test_a_second_run_keeps_the_cost_and_reports_that_it_ran_nothing(show: Path, out: Path) -> None:
    before = report_in(out)
    run(show, config=RunConfig(out, executor="in_process"))
    after = report_in(out)
    assert after["cpu_seconds"] == before["cpu_seconds"]
    assert sum(stage["tasks_run"] for stage in before["stages"]) == sum(stage["tasks"] for stage in before["stages"])
    assert sum(stage["tasks_run"] for stage in after["stages"]) == 0


def test_a_title_that_is_given_later_is_reported_and_costs_no_encoding(show: Path, out: Path) -> None:
    (show / "session.json").write_text('{"title": "双十一专场"}', encoding="utf-8")
    run(show, config=RunConfig(out, executor="in_process"))
    ran = {stage["stage"] for stage in report_in(out)["stages"] if stage["tasks_run"]}
    assert read_show_facts(out / "双十一") == ShowFacts("双十一专场")
    assert not ran & {"encode_audio", "encode_video", "import_captions"}


def test_only_what_was_run_again_counts_as_run(show: Path, out: Path) -> None:
    write_catalog(show, "新款纯棉毛巾")
    run(show, config=RunConfig(out, executor="in_process"))
    ran = {stage["stage"] for stage in report_in(out)["stages"] if stage["tasks_run"]}
    assert {"link_mentions", "write_index"} <= ran
    assert not ran & {"probe", "build_timeline", "encode_audio", "encode_video", "sample_frames", "import_captions"}


def test_warnings_of_the_inputs_are_reported(show: Path, tmp_path: Path) -> None:
    (show / "events.jsonl").write_text('{"t": 3, "type": "product_push", "product_id": "999"}\n')
    with (show / "captions.srt").open("a", encoding="utf-8") as captions:
        captions.write("\n9\n00:59:00,000 --> 00:59:02,000\n散场了\n")
    (outcome,) = run(show, config=RunConfig(tmp_path / "out", executor="in_process"))
    warnings = report_in(tmp_path / "out")["warnings"]
    assert any("1 of 7 captions lie outside what the replay shows" in warning for warning in warnings), warnings
    assert any("999" in warning or "not in the catalogue" in warning for warning in warnings), warnings
    assert list(outcome.warnings) == warnings


def test_speech_that_was_not_recognised_is_reported_shown_and_warned_about(
    show: Path, tmp_path: Path, kandian_command: Command
) -> None:
    (show / "captions.srt").unlink()
    settings, out = tmp_path / "kandian.toml", tmp_path / "out"
    settings.write_text('[transcribe]\nmodel = "fixtures.deaf_recognizer:deaf"\n', encoding="utf-8")
    answer = kandian_command("run", show, "--out", out, "--executor", "in_process", "--settings", settings)
    assert "双十一: warning: 0.5 of 0.5 minutes of speech were not recognised" in answer.err
    assert report_in(out)["speech"]["unheard_minutes"] == pytest.approx(0.5, abs=0.01)
    assert "Speech: 0.5 of 0.5 minutes were not recognised" in kandian_command("show", out / "双十一").out


def test_captions_are_no_speech_that_could_be_missed(done_out: Path) -> None:
    assert report_in(done_out)["speech"] is None


def test_versions_name_all_that_results_depend_on(done_out: Path) -> None:
    versions = report_in(done_out)["versions"]
    assert {"kandian", "python", "platform", "ffmpeg", "av", "opencv-python-headless"} <= versions.keys()
    assert all(versions.values())


def test_every_rendition_and_what_was_done_to_the_sound_are_reported(done_out: Path) -> None:
    report, folder = report_in(done_out), done_out / "双十一" / "replay"
    assert [rendition["name"] for rendition in report["replay"]["renditions"]] == ["h264-96p", "av1-96p"]
    for rendition in report["replay"]["renditions"]:
        size = sum(file.stat().st_size for file in (folder / rendition["name"]).glob("0*.m4s"))
        assert rendition["size_bytes"] == size
        assert rendition["kilobits_per_second"] == pytest.approx(size * 8 / 1000 / report["duration"], abs=0.1)
    assert report["replay"]["sound"].keys() == {"recorded_lufs", "gain_db"}


def test_bits_spared_of_the_recording_and_missing_samples_are_reported(done_out: Path) -> None:
    replay = report_in(done_out)["replay"]
    assert all(0 < rendition["saved_to_source"] < 1 for rendition in replay["renditions"])
    assert replay["left_out"] == []
    assert replay["search"]["unmeasured"] == "the show is too short for samples"
