"""Everything that is learned about shows, as one folder of small files: discourse, scores, confidences.

discourse-zh.npz, discourse-en.npz   what hosts do, from how they talk
scores.json                          weights of evidence, for each kind of evidence that may be at hand
confidence.json                      how sure a take is, and what a bundle is
card.md                              what it was learned from, for people
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TypeVar, get_args

from domain.errors import WeightsError
from domain.session import Language
from models.segmentation.calibration import ConfidenceModel
from models.segmentation.discourse_classifier import DiscourseModel, load_discourse, save_discourse
from models.segmentation.scorer import AtHand, ScoreWeights

DEFAULT = "default"
"""The name of the weights that kandian brings."""
SCORES, CONFIDENCE, CARD = "scores.json", "confidence.json", "card.md"
ANEW = "make it anew by `kandian train`"
_T = TypeVar("_T")


@dataclass(frozen=True, eq=False)
class Understanding:
    """Learned models. `scores`: weights of evidence, by what is at hand beside speech."""

    discourse: Mapping[Language, DiscourseModel]
    scores: Mapping[AtHand, ScoreWeights]
    confidence: ConfidenceModel


def folder_of_understanding(name: str) -> Path:
    """The folder called `name`: the default one, or a path. Raises WeightsError where it is not whole."""
    folder = Path(str(files("models.segmentation"))) / "weights" if name == DEFAULT else Path(name)
    missing = [file for file in _files() if not (folder / file).is_file()]
    if missing:
        raise WeightsError(folder, f"has no {missing[0]}", f"make it by `kandian train`, or set model = {DEFAULT!r}")
    return folder


def digest_of_understanding(name: str) -> str:
    """SHA-256 of all that counts in the folder; the card, for people, does not."""
    folder = folder_of_understanding(name)
    digest = hashlib.sha256()
    for file in _files():
        digest.update(file.encode() + b"\0" + hashlib.sha256((folder / file).read_bytes()).digest())
    return digest.hexdigest()


@cache
def understanding(name: str) -> Understanding:
    """The models called `name`, read once a process."""
    folder = folder_of_understanding(name)
    saved = _read(dict[AtHand, dict[str, dict[str, float]]], folder / SCORES)
    return Understanding(
        {language: load_discourse(folder / _discourse_file(language)) for language in get_args(Language)},
        {at_hand: ScoreWeights.of(saved.get(at_hand, {}), folder / SCORES) for at_hand in get_args(AtHand)},
        _read(ConfidenceModel, folder / CONFIDENCE),
    )


def save_understanding(models: Understanding, folder: Path, card: str) -> None:
    """Write the models into `folder`: the same bytes for the same models."""
    folder.mkdir(parents=True, exist_ok=True)
    for language, discourse in models.discourse.items():
        save_discourse(discourse, folder / _discourse_file(language))
    _write_json(folder / SCORES, {at_hand: models.scores[at_hand].named() for at_hand in get_args(AtHand)})
    confidence = models.confidence
    _write_json(
        folder / CONFIDENCE,
        {
            "bias": confidence.bias,
            "weights": dict(confidence.weights),
            "bundle_bias": confidence.bundle_bias,
            "bundle_weights": dict(confidence.bundle_weights),
        },
    )
    (folder / CARD).write_text(card, encoding="utf-8")


def _files() -> tuple[str, ...]:
    return (*(_discourse_file(language) for language in get_args(Language)), SCORES, CONFIDENCE)


def _discourse_file(language: Language) -> str:
    return f"discourse-{language}.npz"


def _read(kind: type[_T], file: Path) -> _T:
    """The value of class `kind` that `file` holds as JSON."""
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(kind).validate_json(file.read_bytes(), strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise WeightsError(file, f"cannot be used: {place}: {first['msg']}", ANEW) from error


def _write_json(file: Path, value: object) -> None:
    file.write_text(json.dumps(value, indent=1, allow_nan=False) + "\n", encoding="utf-8")
