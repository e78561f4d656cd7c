"""kandian.toml: what it may say, and how it is told what it may not."""

from pathlib import Path

import pytest

from domain.errors import SettingsError
from pipeline.flow import STAGES
from pipeline.settings import load_stages
from pipeline.stages.highlights.segment_takes import SegmentTakes
from pipeline.stages.media.choose_renditions import ChooseRenditions


def settings(folder: Path, text: str) -> Path:
    file = folder / "设置.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_without_a_file_every_stage_has_its_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_stages(None) == tuple(kind() for kind in STAGES)


def test_the_file_in_the_current_folder_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kandian.toml").write_text("[choose_renditions]\nh264_crf = 30\n")
    monkeypatch.chdir(tmp_path)
    assert ChooseRenditions(h264_crf=30) in load_stages(None)


def test_a_setting_reaches_its_stage_and_no_other(tmp_path: Path) -> None:
    stages = load_stages(settings(tmp_path, '[choose_renditions]\nh264_preset = "ultrafast"  # 快\n'))
    assert ChooseRenditions(h264_preset="ultrafast") in stages
    assert sum(stage != kind() for stage, kind in zip(stages, STAGES, strict=True)) == 1


def test_a_whole_number_does_for_seconds(tmp_path: Path) -> None:
    stages = load_stages(settings(tmp_path, "[segment_takes]\nmin_duration_s = 9\n"))
    (cutting,) = (stage for stage in stages if isinstance(stage, SegmentTakes))
    assert (cutting.min_duration_s, type(cutting.min_duration_s)) == (9.0, float)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[encode_viedo]\ncrf = 30", r"\[encode_viedo\]: no stage has this name; did you mean 'encode_video'\?"),
        ("[xyz]\ncrf = 30", r"\[xyz\]: no stage has this name; known are accept_mentions, align_events, "),
        (
            "[choose_renditions]\nh264_preest = 'fast'",
            r"\[choose_renditions\] h264_preest: .*did you mean 'h264_preset'\?",
        ),
        (
            "[build_timeline]\nzzz = 1",
            r"\[build_timeline\] zzz: the stage has no such setting; known are max_overlap_s",
        ),
        ("[accept_mentions]\nzzz = 1", r"\[accept_mentions\] zzz: the stage has no such setting; known are none"),
        ("[choose_renditions]\nh264_crf = '24'", r"\[choose_renditions\] h264_crf: '24' is not allowed .*; give a int"),
        ("[choose_renditions]\nh264_crf = 24.5", r"\[choose_renditions\] h264_crf: 24.5 is not allowed"),
        ("[choose_renditions]\nh264_crf = true", r"\[choose_renditions\] h264_crf: True is not allowed"),
        ("[encode_video]\npart_s = '600'", r"\[encode_video\] part_s: '600' is not allowed .*; give a float"),
        ("[segment_takes]\nmerge_gap_s = nan", r"\[segment_takes\] merge_gap_s: nan is not allowed"),
        ("[segment_takes]\nmerge_gap_s = -inf", r"\[segment_takes\] merge_gap_s: -inf is not allowed"),
        ("[segment_takes]\nsuggest_at = 0.9", r"\[segment_takes\]: 0 <= suggest_at <= publish_at <= 1 must hold"),
        ("[reword_take]\nmodel = 'a'", r"\[reword_take\]: .*did you mean 'reword_takes'\?"),
        ("[language_model]\nmodel = 'a'", r"\[language_model\]: .*did you mean 'reword_takes'\?"),
        ("crf = 24", r"crf: stands outside a section; put it below a \[stage\] line"),
        ("[encode_video\ncrf = 24", r"is not TOML"),
    ],
)
def test_what_it_may_not_say_is_named_with_its_place_and_a_way_out(text: str, told: str, tmp_path: Path) -> None:
    file = settings(tmp_path, text)
    with pytest.raises(SettingsError, match=told) as raised:
        load_stages(file)
    assert str(raised.value).startswith(str(file))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"没有.toml: cannot be read \(No such file or directory\)"):
        load_stages(tmp_path / "没有.toml")


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "k.toml").write_bytes("[segment_takes] # 看点".encode("gb18030"))
    with pytest.raises(SettingsError, match=r"k.toml: is not TOML"):
        load_stages(tmp_path / "k.toml")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[reword_takes]\nkey = 'sk'", r"\[reword_takes\] key: .*no such setting; known are address, "),
        ("[reword_takes]\naddress = 'https://a/v1'", r"\[reword_takes\]: an address needs a model too"),
        ("[reword_takes]\naddress = 'a/v1'", r"\[reword_takes\]: address must be http"),
        ("[reword_takes]\ntimeout_s = '9'", r"\[reword_takes\] timeout_s: '9' is not allowed"),
    ],
)
def test_what_is_wrong_with_the_language_model_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        load_stages(settings(tmp_path, text))
