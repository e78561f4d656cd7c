"""Scripts are read strictly: errors name the place, and the truth of a show follows from its utterances."""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from domain.errors import ScriptError
from learning.evaluation.ground_truth import GroundTruth, read_ground_truth
from learning.evaluation.manners import MANNERS
from learning.simulation.scripts.script_files import (
    read_script,
    read_scripts,
    read_timed_utterances,
)
from learning.simulation.scripts.speech_timing import derive_ground_truth
from pipeline.inputs.catalog import read_catalog

SHOWS = Path(__file__).parents[4] / "fixtures" / "shows"


def written(folder: Path, utterance: dict[str, Any] | None = None, **changes: Any) -> Path:
    spoken = {"text": "一号链接。", "about": ["a"], "role": "link", "push": "a", "pause_after": 0.8}
    script = {
        "id": "zh-tea-t1",
        "language": "zh",
        "title": "慢茶桌",
        "hosts": ["A"],
        "catalog": [{"product_id": "a", "title": "寿眉饼", "price": 29.9}],
        "utterances": [spoken | (utterance or {})],
    }
    file = folder / "script.json"
    file.write_text(json.dumps(script | changes, ensure_ascii=False), encoding="utf-8")
    return file


def refusal(file: Path) -> str:
    with pytest.raises(ScriptError) as caught:
        read_script(file)
    return str(caught.value).replace(str(file), "script.json")


def test_what_the_file_says_is_read(tmp_path: Path) -> None:
    script = read_script(written(tmp_path))

    assert (script.id, script.language, script.writer) == ("zh-tea-t1", "zh", "t")
    assert script.catalog.by_id["a"].price == 2990
    assert (script.utterances[0].push, script.utterances[0].pause_after) == ("a", 0.8)


def test_the_manners_of_a_script_are_read(tmp_path: Path) -> None:
    assert read_script(written(tmp_path, manners=["noprice", "duo"])).manners == ("noprice", "duo")
    assert read_script(written(tmp_path)).manners == ()


def test_the_page_of_the_scripts_lists_every_manner_in_order() -> None:
    page = (SHOWS.parent / "scripts" / "README.md").read_text(encoding="utf-8")
    codes = re.findall(r"^\| `(\w+)` \|", page.split("## Manners")[1], re.M)

    assert tuple(codes) == MANNERS


@pytest.mark.parametrize(
    ("id_", "writer"), [("zh-bedding-wa3", "wa"), ("zh-mixed-d1", "d"), ("en-mini", "mini"), ("茶", "茶")]
)
def test_the_writer_stands_in_the_id(tmp_path: Path, id_: str, writer: str) -> None:
    assert read_script(written(tmp_path, id=id_)).writer == writer


@pytest.mark.parametrize(
    ("utterance", "message"),
    [
        ({"about": ["b"]}, "script.json: utterances[0] names 'b', which the catalogue does not hold"),
        ({"push": "b"}, "script.json: utterances[0] names 'b', which the catalogue does not hold"),
        ({"role": "advert"}, "script.json: utterances[0].role: "),
        ({"text": "……"}, "script.json: utterances[0]: "),
        ({"text": 7}, "script.json: utterances[0].text: "),
        ({"pause_after": -1}, "pause_after lies in [0, 600] seconds, not -1.0"),
        ({"about": ["a", "a"]}, "about names a product twice"),
        ({"abuot": ["a"]}, 'script.json: utterances[0]: unknown key "abuot"; did you mean about?'),
    ],
)
def test_a_wrong_utterance_is_reported_with_its_location(
    tmp_path: Path, utterance: dict[str, Any], message: str
) -> None:
    assert message.split(";")[0] in refusal(written(tmp_path, utterance))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"utterances": []}, "script.json: utterances: is not a list with something in it"),
        ({"utterances": ["hi"]}, "script.json: utterances[0]: is not an object"),
        ({"catalog": []}, "script.json: catalog: is not a list with something in it"),
        ({"catalog": [{"product_id": "a"}]}, "script.json: product 1 (id a): title: is missing or empty"),
        ({"language": "fr"}, "script.json: language: "),
        ({"language": None}, "script.json: language: "),
        ({"catalogue": []}, 'script.json: unknown key "catalogue"'),
        ({"manners": "chatty"}, 'script.json: manners: is not a list but "chatty"'),
        ({"manners": ["duo", "chaty"]}, 'script.json: manners[1]: unknown manner "chaty" (did you mean "chatty"?)'),
        ({"manners": [7]}, "script.json: manners[0]: unknown manner 7; write one of names, cycles, noprice"),
        ({"manners": ["duo", "duo"]}, "script.json: manners[1]: names duo a second time"),
    ],
)
def test_a_wrong_script_is_reported_with_its_location(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    assert message in refusal(written(tmp_path, **changes))


def test_a_file_that_is_not_json_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "script.json"
    file.write_text("{", encoding="utf-8")

    assert "is not JSON" in refusal(file)


def test_a_folder_without_scripts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match="holds no script"):
        read_scripts(tmp_path)


def test_the_scripts_of_a_folder_are_read_in_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b", "a"):
        written(tmp_path, id=f"zh-{name}-t1").rename(tmp_path / f"{name}.json")

    assert [script.id for script in read_scripts(tmp_path)] == ["zh-a-t1", "zh-b-t1"]


def ruled(folder: Path) -> tuple[GroundTruth, GroundTruth]:
    """The truth of a show as its file says, and as it follows from what each utterance is about."""
    truth = read_ground_truth(folder / "truth.json")
    product_ids = read_catalog(folder / "catalog.json", None).catalog.by_id
    return truth, derive_ground_truth(truth.stream_id, read_timed_utterances(folder), truth.duration, product_ids)


@pytest.mark.parametrize("show", ["zh-mini", "en-mini"])
def test_the_truth_of_the_small_shows_follows_from_their_utterances(show: str) -> None:
    said, followed = ruled(SHOWS / show)

    assert followed == said


def test_the_truth_of_the_development_set_follows_from_its_utterances() -> None:
    if "KANDIAN_DEVSET" not in os.environ:
        pytest.skip("KANDIAN_DEVSET names no development set")
    shows = [file.parent for file in Path(os.environ["KANDIAN_DEVSET"]).glob("*/truth.json")]

    assert shows
    for show in shows:
        said, followed = ruled(show)
        assert followed == said
