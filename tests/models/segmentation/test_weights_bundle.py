"""What was learned, as a folder of files."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from domain.errors import WeightsError
from domain.evidence import DISCOURSE_ROLES
from models.segmentation.calibration import untrained_model
from models.segmentation.discourse_classifier import HASH_BUCKETS, ROLE_NAMES_KEY, DiscourseModel
from models.segmentation.scorer import ScoreWeights
from models.segmentation.weights_bundle import (
    CONFIDENCE_FILE,
    MODEL_CARD_FILE,
    SCORES_FILE,
    WeightsBundle,
    load_weights_bundle,
    save_weights_bundle,
    weights_bundle_digest,
    weights_bundle_folder,
)

COUNTING = ("discourse-zh.npz", "discourse-en.npz", SCORES_FILE, CONFIDENCE_FILE)


def models() -> WeightsBundle:
    random = np.random.default_rng(3)
    discourse = DiscourseModel(
        np.zeros((HASH_BUCKETS, len(DISCOURSE_ROLES))),
        random.normal(size=len(DISCOURSE_ROLES)),
        np.zeros(HASH_BUCKETS),
        np.zeros(HASH_BUCKETS),
        np.zeros(2),
    )
    scores = ScoreWeights(random.normal(size=ScoreWeights.size()))
    nothing_known = untrained_model()
    confidence = replace(nothing_known, product=replace(nothing_known.product, bias=0.25))
    return WeightsBundle({"zh": discourse, "en": discourse}, scores, confidence)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save_weights_bundle(models(), tmp_path / "learned", "from nothing")
    return tmp_path / "learned"


def test_what_was_saved_is_read_again(folder: Path) -> None:
    read, saved = load_weights_bundle(str(folder)), models()
    np.testing.assert_array_equal(read.scores.vector, saved.scores.vector)
    np.testing.assert_allclose(read.discourse["en"].role_biases, saved.discourse["en"].role_biases, atol=0.01)
    assert read.confidence == saved.confidence


def test_the_same_models_are_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    save_weights_bundle(models(), tmp_path / "again", "from nothing")
    for name in (*COUNTING, MODEL_CARD_FILE):
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes()


@pytest.mark.parametrize("name", COUNTING)
def test_a_missing_file_is_reported_with_a_remedy(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(WeightsError, match=rf"has no {name}; .*kandian train"):
        weights_bundle_folder(str(folder))


def test_a_missing_folder_is_reported_too(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"nowhere: has no discourse-zh\.npz"):
        load_weights_bundle(str(tmp_path / "nowhere"))


@pytest.mark.parametrize("name", COUNTING)
@pytest.mark.parametrize("garbage", [b"", b"\xff\xfe not what it should be", b"[]", b'{"speech": 3, "all": {}}'])
def test_garbage_is_reported_by_file_with_a_remedy(folder: Path, name: str, garbage: bytes) -> None:
    (folder / name).write_bytes(garbage)
    with pytest.raises(WeightsError, match=rf"{name}: .*; .*kandian train"):
        load_weights_bundle(str(folder))


def _without_a_feature(scores: dict[str, dict[str, float]]) -> None:
    scores["talk"].popitem()


def _with_another_feature(scores: dict[str, dict[str, float]]) -> None:
    scores["talk"]["loudness"] = 1.0


def _without_a_group(scores: dict[str, dict[str, float]]) -> None:
    del scores["closing_of"]


@pytest.mark.parametrize("change", [_without_a_feature, _with_another_feature, _without_a_group])
def test_weights_of_another_version_are_reported(
    folder: Path, change: Callable[[dict[str, dict[str, float]]], None]
) -> None:
    scores = json.loads((folder / SCORES_FILE).read_text(encoding="utf-8"))
    change(scores)
    (folder / SCORES_FILE).write_text(json.dumps(scores), encoding="utf-8")
    with pytest.raises(WeightsError, match=r"scores\.json: is of other features.*kandian train"):
        load_weights_bundle(str(folder))


@pytest.mark.parametrize("value", ["NaN", "Infinity", '"much"', "null"])
def test_a_weight_that_is_no_number_is_reported(folder: Path, value: str) -> None:
    text = (folder / SCORES_FILE).read_text(encoding="utf-8")
    first = json.loads(text)["identity"]["name"]
    (folder / SCORES_FILE).write_text(text.replace(repr(first), value), encoding="utf-8")
    with pytest.raises(WeightsError, match=r"scores\.json: .*; .*kandian train"):
        load_weights_bundle(str(folder))


def test_a_confidence_without_a_column_is_reported(folder: Path) -> None:
    learned = json.loads((folder / CONFIDENCE_FILE).read_text(encoding="utf-8"))
    del learned["product"]["weights"]["margin"]
    (folder / CONFIDENCE_FILE).write_text(json.dumps(learned), encoding="utf-8")
    with pytest.raises(WeightsError, match=r"confidence\.json: .*; .*kandian train"):
        load_weights_bundle(str(folder))


def test_a_key_that_nobody_reads_is_reported(folder: Path) -> None:
    learned = json.loads((folder / CONFIDENCE_FILE).read_text(encoding="utf-8"))
    (folder / CONFIDENCE_FILE).write_text(json.dumps(learned | {"bias": 0.5}), encoding="utf-8")
    with pytest.raises(WeightsError, match=r"confidence\.json: .*bias.*; .*kandian train"):
        load_weights_bundle(str(folder))


def test_a_confidence_that_falls_with_evidence_is_reported(folder: Path) -> None:
    learned = json.loads((folder / CONFIDENCE_FILE).read_text(encoding="utf-8"))
    learned["start"]["weights"]["landing"] = -0.1
    (folder / CONFIDENCE_FILE).write_text(json.dumps(learned), encoding="utf-8")
    with pytest.raises(WeightsError, match=r"confidence\.json: .*must not be below 0.*; .*kandian train"):
        load_weights_bundle(str(folder))


@pytest.mark.parametrize("value", ["NaN", "Infinity", '"much"', "null"])
def test_a_weight_of_a_chance_that_is_no_number_is_reported(folder: Path, value: str) -> None:
    text = (folder / CONFIDENCE_FILE).read_text(encoding="utf-8")
    (folder / CONFIDENCE_FILE).write_text(text.replace("0.25", value), encoding="utf-8")
    with pytest.raises(WeightsError, match=r"confidence\.json: .*; .*kandian train"):
        load_weights_bundle(str(folder))


def test_a_discourse_of_another_size_is_reported(folder: Path) -> None:
    small = DiscourseModel(np.zeros((4, 2)), np.zeros(2), np.zeros(4), np.zeros(4), np.zeros(2))
    saved = models()
    save_weights_bundle(replace(saved, discourse={"zh": small, "en": small}), folder, "")
    with pytest.raises(WeightsError, match=r"discourse-..\.npz: is of other features.*kandian train"):
        load_weights_bundle(str(folder))


@pytest.mark.parametrize(
    "roles", [("teaser", *DISCOURSE_ROLES[1:]), DISCOURSE_ROLES[::-1], (*DISCOURSE_ROLES, "song"), DISCOURSE_ROLES[1:]]
)
def test_a_discourse_of_other_roles_is_reported_with_both(folder: Path, roles: tuple[str, ...]) -> None:
    file = folder / "discourse-zh.npz"
    with np.load(file) as arrays:
        changed = {name: arrays[name] for name in arrays.files} | {ROLE_NAMES_KEY: np.array(roles)}
    np.savez_compressed(file, **changed)
    told = (
        rf"discourse-zh\.npz: knows other roles "
        rf"\({', '.join(roles)}\).*\({', '.join(DISCOURSE_ROLES)}\); .*kandian train"
    )
    with pytest.raises(WeightsError, match=told):
        load_weights_bundle(str(folder))


@pytest.mark.parametrize("name", COUNTING)
def test_the_digest_changes_with_any_byte(folder: Path, name: str) -> None:
    before = weights_bundle_digest(str(folder))
    (folder / name).write_bytes((folder / name).read_bytes() + b" ")
    assert weights_bundle_digest(str(folder)) != before


def test_the_digest_depends_neither_on_the_card_nor_on_the_place(folder: Path) -> None:
    before = weights_bundle_digest(str(folder))
    (folder / MODEL_CARD_FILE).write_text("other words", encoding="utf-8")
    assert weights_bundle_digest(str(folder.rename(folder.with_name("moved")))) == before
