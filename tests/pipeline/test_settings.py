"""kandian.toml: what it may say, and how it is told what it may not."""

from pathlib import Path

import pytest

from domain.errors import SettingsError
from pipeline.flow import STAGES
from pipeline.settings import language_model_from, stages_from
from pipeline.stages.highlights.segment_takes import CutTakes
from pipeline.stages.media.choose_renditions import ChooseEncoding


def settings(folder: Path, text: str) -> Path:
    file = folder / "设置.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_without_a_file_every_stage_has_its_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert stages_from(None) == tuple(kind() for kind in STAGES)


def test_the_file_in_the_current_folder_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kandian.toml").write_text("[choose_encoding]\nh264_crf = 30\n")
    monkeypatch.chdir(tmp_path)
    assert ChooseEncoding(h264_crf=30) in stages_from(None)


def test_a_setting_reaches_its_stage_and_no_other(tmp_path: Path) -> None:
    stages = stages_from(settings(tmp_path, '[choose_encoding]\nh264_preset = "ultrafast"  # 快\n'))
    assert ChooseEncoding(h264_preset="ultrafast") in stages
    assert sum(stage != kind() for stage, kind in zip(stages, STAGES, strict=True)) == 1


def test_a_whole_number_does_for_seconds(tmp_path: Path) -> None:
    stages = stages_from(settings(tmp_path, "[cut_takes]\nshortest_s = 9\n"))
    (cutting,) = (stage for stage in stages if isinstance(stage, CutTakes))
    assert (cutting.shortest_s, type(cutting.shortest_s)) == (9.0, float)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[encode_repaly]\ncrf = 30", r"\[encode_repaly\]: no stage has this name; did you mean 'encode_replay'\?"),
        ("[xyz]\ncrf = 30", r"\[xyz\]: no stage has this name; known are align_room, choose_encoding, "),
        ("[choose_encoding]\nh264_preest = 'fast'", r"\[choose_encoding\] h264_preest: .*did you mean 'h264_preset'\?"),
        ("[line_up]\nzzz = 1", r"\[line_up\] zzz: the stage has no such setting; known are longest_gap_s, longest_"),
        ("[trust_captions]\nzzz = 1", r"\[trust_captions\] zzz: the stage has no such setting; known are none"),
        ("[choose_encoding]\nh264_crf = '24'", r"\[choose_encoding\] h264_crf: '24' is not allowed .*; give a int"),
        ("[choose_encoding]\nh264_crf = 24.5", r"\[choose_encoding\] h264_crf: 24.5 is not allowed"),
        ("[choose_encoding]\nh264_crf = true", r"\[choose_encoding\] h264_crf: True is not allowed"),
        ("[encode_replay]\npart_s = '600'", r"\[encode_replay\] part_s: '600' is not allowed .*; give a float"),
        ("[cut_takes]\nrejoin_s = nan", r"\[cut_takes\] rejoin_s: nan is not allowed"),
        ("[cut_takes]\nrejoin_s = -inf", r"\[cut_takes\] rejoin_s: -inf is not allowed"),
        ("[cut_takes]\nsuggest_at = 0.9", r"\[cut_takes\]: 0 <= suggest_at <= publish_at <= 1 must hold"),
        ("[language_modle]\nmodel = 'a'", r"\[language_modle\]: .*did you mean 'language_model'\?"),
        ("crf = 24", r"crf: stands outside a section; put it below a \[stage\] line"),
        ("[encode_replay\ncrf = 24", r"is not TOML"),
    ],
)
def test_what_it_may_not_say_is_named_with_its_place_and_a_way_out(text: str, told: str, tmp_path: Path) -> None:
    file = settings(tmp_path, text)
    with pytest.raises(SettingsError, match=told) as raised:
        stages_from(file)
    assert str(raised.value).startswith(str(file))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"没有.toml: cannot be read \(No such file or directory\)"):
        stages_from(tmp_path / "没有.toml")


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "k.toml").write_bytes("[cut_takes] # 看点".encode("gb18030"))
    with pytest.raises(SettingsError, match=r"k.toml: is not TOML"):
        stages_from(tmp_path / "k.toml")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[language_model]\nkey = 'sk'", r"\[language_model\] key: .*no such setting; known are address, "),
        ("[language_model]\naddress = 'https://a/v1'", r"\[language_model\]: an address needs a model too"),
        ("[language_model]\naddress = 'a/v1'", r"\[language_model\]: address must be http"),
        ("[language_model]\ntimeout_s = '9'", r"\[language_model\] timeout_s: '9' is not allowed"),
    ],
)
def test_what_is_wrong_with_the_language_model_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        language_model_from(settings(tmp_path, text))


def test_the_language_model_is_off_by_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert not language_model_from(None).is_on
