"""What was learned, as a folder of files."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from domain.errors import WeightsError
from domain.evidence import ROLES
from models.segmentation.calibration import UNSURE
from models.segmentation.discourse_classifier import BUCKETS, ROLE_NAMES, DiscourseModel
from models.segmentation.scorer import AtHand, ScoreWeights
from models.segmentation.weights_bundle import (
    CARD,
    CONFIDENCE,
    SCORES,
    Understanding,
    digest_of_understanding,
    folder_of_understanding,
    save_understanding,
    understanding,
)

KINDS: tuple[AtHand, ...] = ("speech", "pictures", "room", "all")
COUNTING = ("discourse-zh.npz", "discourse-en.npz", SCORES, CONFIDENCE)


def models() -> Understanding:
    random = np.random.default_rng(3)
    discourse = DiscourseModel(
        np.zeros((BUCKETS, len(ROLES))),
        random.normal(size=len(ROLES)),
        np.zeros(BUCKETS),
        np.zeros(BUCKETS),
        np.zeros(2),
    )
    scores = {kind: ScoreWeights(random.normal(size=ScoreWeights.size())) for kind in KINDS}
    return Understanding({"zh": discourse, "en": discourse}, scores, replace(UNSURE, bias=0.25))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save_understanding(models(), tmp_path / "learned", "from nothing")
    return tmp_path / "learned"


def test_what_was_saved_is_read_again(folder: Path) -> None:
    read, saved = understanding(str(folder)), models()
    for kind in KINDS:
        np.testing.assert_array_equal(read.scores[kind].vector, saved.scores[kind].vector)
    np.testing.assert_allclose(read.discourse["en"].role_biases, saved.discourse["en"].role_biases, atol=0.01)
    assert read.confidence == saved.confidence


def test_the_same_models_are_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    save_understanding(models(), tmp_path / "again", "from nothing")
    for name in (*COUNTING, CARD):
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes()


@pytest.mark.parametrize("name", COUNTING)
def test_a_missing_file_is_told_with_a_remedy(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(WeightsError, match=rf"has no {name}; .*kandian train"):
        folder_of_understanding(str(folder))


def test_a_missing_folder_is_told_too(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"nowhere: has no discourse-zh\.npz"):
        understanding(str(tmp_path / "nowhere"))


@pytest.mark.parametrize("name", COUNTING)
@pytest.mark.parametrize("garbage", [b"", b"\xff\xfe not what it should be", b"[]", b'{"speech": 3, "all": {}}'])
def test_garbage_is_told_by_file_with_a_remedy(folder: Path, name: str, garbage: bytes) -> None:
    (folder / name).write_bytes(garbage)
    with pytest.raises(WeightsError, match=rf"{name}: .*; .*kandian train"):
        understanding(str(folder))


def _without_a_feature(scores: dict[str, dict[str, dict[str, float]]]) -> None:
    scores["all"]["talk"].popitem()


def _with_another_feature(scores: dict[str, dict[str, dict[str, float]]]) -> None:
    scores["speech"]["talk"]["loudness"] = 1.0


def _without_a_kind(scores: dict[str, dict[str, dict[str, float]]]) -> None:
    del scores["room"]


@pytest.mark.parametrize("change", [_without_a_feature, _with_another_feature, _without_a_kind])
def test_weights_of_another_version_are_told(
    folder: Path, change: Callable[[dict[str, dict[str, dict[str, float]]]], None]
) -> None:
    scores = json.loads((folder / SCORES).read_text(encoding="utf-8"))
    change(scores)
    (folder / SCORES).write_text(json.dumps(scores), encoding="utf-8")
    with pytest.raises(WeightsError, match=r"scores\.json: is of other features.*kandian train"):
        understanding(str(folder))


@pytest.mark.parametrize("value", ["NaN", "Infinity", '"much"', "null"])
def test_a_weight_that_is_no_number_is_told(folder: Path, value: str) -> None:
    text = (folder / SCORES).read_text(encoding="utf-8")
    first = json.loads(text)["speech"]["identity"]["name"]
    (folder / SCORES).write_text(text.replace(repr(first), value), encoding="utf-8")
    with pytest.raises(WeightsError, match=r"scores\.json: .*; .*kandian train"):
        understanding(str(folder))


def test_a_confidence_without_a_column_is_told(folder: Path) -> None:
    learned = json.loads((folder / CONFIDENCE).read_text(encoding="utf-8"))
    del learned["weights"]["margin"]
    (folder / CONFIDENCE).write_text(json.dumps(learned), encoding="utf-8")
    with pytest.raises(WeightsError, match=r"confidence\.json: .*; .*kandian train"):
        understanding(str(folder))


def test_a_discourse_of_another_size_is_told(folder: Path) -> None:
    small = DiscourseModel(np.zeros((4, 2)), np.zeros(2), np.zeros(4), np.zeros(4), np.zeros(2))
    saved = models()
    save_understanding(replace(saved, discourse={"zh": small, "en": small}), folder, "")
    with pytest.raises(WeightsError, match=r"discourse-..\.npz: is of other features.*kandian train"):
        understanding(str(folder))


@pytest.mark.parametrize("roles", [("teaser", *ROLES[1:]), ROLES[::-1], (*ROLES, "song"), ROLES[1:]])
def test_a_discourse_of_other_roles_is_told_with_both(folder: Path, roles: tuple[str, ...]) -> None:
    file = folder / "discourse-zh.npz"
    with np.load(file) as arrays:
        changed = {name: arrays[name] for name in arrays.files} | {ROLE_NAMES: np.array(roles)}
    np.savez_compressed(file, **changed)
    told = rf"discourse-zh\.npz: knows other roles \({', '.join(roles)}\).*\({', '.join(ROLES)}\); .*kandian train"
    with pytest.raises(WeightsError, match=told):
        understanding(str(folder))


@pytest.mark.parametrize("name", COUNTING)
def test_the_digest_changes_with_any_byte(folder: Path, name: str) -> None:
    before = digest_of_understanding(str(folder))
    (folder / name).write_bytes((folder / name).read_bytes() + b" ")
    assert digest_of_understanding(str(folder)) != before


def test_the_digest_depends_neither_on_the_card_nor_on_the_place(folder: Path) -> None:
    before = digest_of_understanding(str(folder))
    (folder / CARD).write_text("other words", encoding="utf-8")
    assert digest_of_understanding(str(folder.rename(folder.with_name("moved")))) == before
