"""The flow: every stage keeps the contract, both ways through fit together, and nothing heavy is loaded to know it."""

import dataclasses
import pickle
import subprocess
import sys
from typing import get_type_hints

import pytest

from domain.audio import SpeechAudio
from domain.evidence import Mentions
from domain.highlight import DescribedTakes, HighlightIndex
from domain.speech import Captions, Transcript
from domain.vision import SampledFrames
from pipeline.engine.cache_keys import settings_of
from pipeline.engine.stage import Needs, Stage, WiringError, check_flow, stage_name, wiring_of
from pipeline.flow import (
    CAPTION_STAGES,
    INPUT_TYPES,
    OUTPUT_TYPES,
    SPEECH_STAGES,
    STAGES,
    input_types,
    required_stages,
    select_stages,
)
from pipeline.stages.media.probe import Probe
from pipeline.stages.speech.accept_mentions import AcceptMentions
from pipeline.stages.speech.extract_speech_audio import ExtractSpeechAudio
from pipeline.stages.speech.find_rescoring_windows import FindRescoringWindows
from pipeline.stages.speech.import_captions import ImportCaptions
from pipeline.stages.speech.rescore import Rescore
from pipeline.stages.speech.transcribe import Transcribe

EVERY_STAGE = [pytest.param(kind, id=kind.__name__) for kind in STAGES]
KNOWN_TOOLS = {
    "ffmpeg",
    "av",
    "opencv-python-headless",
    "ctranslate2",
    "faster-whisper",
    "onnxruntime",
    "rapidocr",
    "pillow",
    "opencc",
    "pypinyin",
    "rapidfuzz",
    "jellyfish",
    "numpy",
}
WAYS = (CAPTION_STAGES, SPEECH_STAGES)
HEAVY = (
    "cv2",
    "faster_whisper",
    "ctranslate2",
    "sklearn",
    "av",
    "ray",
    "pydantic",
    "rich",
    "opencc",
    "pypinyin",
    "rapidocr",
)
NOT_FOR_HELP = {*HEAVY, "numpy", "rapidfuzz", "rich.progress"} - {"rich", "pydantic"}
"""typer writes its help with rich, and reads the options of a command with pydantic."""
OURS = ("kandian", "learning", "media", "models", "pipeline", "web")
"""All but the domain, of which the command line needs errors and words: standard library only."""


def all_stages() -> list[Stage]:
    return [kind() for kind in STAGES]


def modules_after(code: str) -> set[str]:
    """What a fresh Python has loaded after `code`."""
    told = f"{code}\nimport sys\nprint('\\n'.join(['-- modules', *sys.modules]))"
    answer = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True, timeout=60)
    return set(answer.stdout.partition("-- modules\n")[2].split())


@pytest.mark.parametrize("kind", EVERY_STAGE)
def test_a_stage_is_a_frozen_dataclass(kind: type[Stage]) -> None:
    assert dataclasses.is_dataclass(kind)
    assert kind.__dataclass_params__.frozen
    for field in dataclasses.fields(kind):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(kind(), field.name, None)


@pytest.mark.parametrize("kind", EVERY_STAGE)
def test_a_stage_is_hashable_and_survives_pickling(kind: type[Stage]) -> None:
    stage = kind()
    assert pickle.loads(pickle.dumps(stage)) == stage
    assert hash(pickle.loads(pickle.dumps(stage))) == hash(stage)


@pytest.mark.parametrize("kind", EVERY_STAGE)
def test_a_stage_says_what_it_does(kind: type[Stage]) -> None:
    written = kind.__doc__ or ""
    assert written[:1].isupper()
    assert not written.startswith(f"{kind.__name__}(")  # what dataclasses write for those that say nothing


@pytest.mark.parametrize("kind", EVERY_STAGE)
def test_a_stage_declares_version_needs_and_tools(kind: type[Stage]) -> None:
    assert type(kind.version) is int
    assert kind.version >= 1
    assert isinstance(kind.needs, Needs)
    assert set(kind.tools) <= KNOWN_TOOLS
    assert not {"version", "needs", "tools"} & {field.name for field in dataclasses.fields(kind)}  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", EVERY_STAGE)
def test_settings_of_a_stage_are_plain_values_that_toml_can_say(kind: type[Stage]) -> None:
    hints = get_type_hints(kind)
    kinds = {hints[name] for name in settings_of(kind())}
    assert kinds <= {int, float, str, bool}


@pytest.mark.parametrize("kind", EVERY_STAGE)
def test_a_stage_makes_and_takes_artefacts_of_the_domain(kind: type[Stage]) -> None:
    contract = wiring_of(kind)
    for artefact in (*contract.required_types, contract.output_type):
        assert artefact.__module__.startswith("domain.")
        assert artefact.__dataclass_params__.frozen  # type: ignore[attr-defined]


def test_a_stage_that_needs_the_network_says_what_its_failures_cost() -> None:
    asking = [kind for kind in STAGES if kind.needs.network]
    assert asking
    assert all(isinstance(kind.failure_warning, str) for kind in asking)  # type: ignore[attr-defined]


def test_stages_have_names_of_their_own() -> None:
    assert len({stage_name(stage) for stage in all_stages()}) == len(STAGES)


@pytest.mark.parametrize("has_captions", [False, True])
def test_both_flows_fit_together_and_reach_every_goal(has_captions: bool) -> None:
    flow = select_stages(all_stages(), has_captions=has_captions)
    check_flow(flow, input_types(has_captions=has_captions))
    made = {wiring_of(type(stage)).output_type for stage in flow}
    assert set(OUTPUT_TYPES) <= made


def test_every_stage_is_used_by_one_of_the_flows() -> None:
    used = {type(stage) for way in (False, True) for stage in select_stages(all_stages(), has_captions=way)}
    assert used == set(STAGES)


def test_given_captions_replace_speech_recognition_and_the_audio_for_it() -> None:
    recognised, given = ({type(s) for s in select_stages(all_stages(), has_captions=way)} for way in (False, True))
    assert recognised - given == {Transcribe, ExtractSpeechAudio, FindRescoringWindows, Rescore}
    assert given - recognised == {ImportCaptions, AcceptMentions}


def test_the_flow_without_captions_does_not_fit_when_read_captions_is_in_it() -> None:
    with pytest.raises(WiringError, match="ImportCaptions needs Captions"):
        check_flow([kind() for kind in STAGES if kind not in (Transcribe, Rescore)], INPUT_TYPES)


def test_a_flow_lacking_a_stage_is_refused_by_name() -> None:
    flow = [stage for stage in select_stages(all_stages(), has_captions=False) if not isinstance(stage, Probe)]
    with pytest.raises(WiringError, match="Remux needs ProbeResult"):
        check_flow(flow, INPUT_TYPES)


def test_only_what_leads_to_the_goals_is_kept_in_order() -> None:
    kept = required_stages((SpeechAudio,), all_stages())
    assert [stage_name(stage) for stage in kept] == ["probe", "remux", "build_timeline", "extract_speech_audio"]


def test_the_catalogue_feeds_neither_decoding_nor_speech() -> None:
    """So that a new catalogue costs seconds, not hours."""
    from domain.catalog import Catalog

    speech = required_stages((Transcript,), [s for s in all_stages() if not isinstance(s, ImportCaptions)])
    pictures = required_stages(tuple(goal for goal in OUTPUT_TYPES if goal is not HighlightIndex), all_stages())
    assert not [stage_name(s) for s in (*speech, *pictures) if Catalog in wiring_of(type(s)).required_types]


def test_mentions_are_rescored_unless_captions_are_given() -> None:
    recognised, given = (
        {type(s) for s in required_stages((Mentions,), [s for s in all_stages() if not isinstance(s, way)])}
        for way in WAYS
    )
    assert {Rescore, FindRescoringWindows, ExtractSpeechAudio} <= recognised
    assert AcceptMentions in given
    assert not {FindRescoringWindows, ExtractSpeechAudio} & given


def test_words_for_people_need_no_frames_themselves() -> None:
    (describing,) = (kind for kind in STAGES if wiring_of(kind).output_type is DescribedTakes)
    assert SampledFrames not in wiring_of(describing).required_types


def test_captions_are_given_only_where_there_are_some() -> None:
    assert Captions not in input_types(has_captions=False)
    assert input_types(has_captions=True) == (*INPUT_TYPES, Captions)


def test_knowing_the_flow_loads_nothing_heavy() -> None:
    assert modules_after("import pipeline.flow") & set(HEAVY) == set()


def modules_after_command(*arguments: str) -> set[str]:
    called = (
        f"import sys; sys.argv = {['kandian', *arguments]!r}\n"
        "from kandian.cli import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert end.code == 0"
    )
    return modules_after(called)


def test_asking_for_help_does_not_load_pydantic() -> None:
    assert "pydantic" not in modules_after_command("--help")


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["status", "--help"]])
def test_asking_for_help_loads_nothing_that_works(arguments: list[str]) -> None:
    loaded = modules_after_command(*arguments)
    assert loaded & NOT_FOR_HELP == set()
    ours = {name for name in loaded if name.split(".")[0] in OURS and not name.startswith("kandian.cli")}
    assert ours == {"kandian"}
