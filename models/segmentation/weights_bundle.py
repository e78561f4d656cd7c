"""The weights bundle: all models that are learned from shows, as one folder of small files.

discourse-zh.npz, discourse-en.npz   discourse models
scores.json                          weights of features
confidence.json                      chances of takes, and what a bundle is
card.md                              what it was learned from, for people
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TypeVar, get_args

from domain.errors import WeightsError
from domain.session import Language
from models.segmentation.calibration import ConfidenceModel
from models.segmentation.discourse_classifier import RETRAIN_REMEDY, DiscourseModel, load_discourse, save_discourse
from models.segmentation.scorer import ScoreWeights

DEFAULT_WEIGHTS = "default"
"""The name of the bundle that comes with kandian."""
SCORES_FILE, CONFIDENCE_FILE, MODEL_CARD_FILE = "scores.json", "confidence.json", "card.md"
_T = TypeVar("_T")


@dataclass(frozen=True, eq=False)
class WeightsBundle:
    """Learned models. `scores`: weights of features."""

    discourse: Mapping[Language, DiscourseModel]
    scores: ScoreWeights
    confidence: ConfidenceModel


def weights_bundle_folder(name: str) -> Path:
    """The folder called `name`: the default one, or a path. Raises WeightsError where a file is missing."""
    folder = Path(str(files("models.segmentation"))) / "weights" if name == DEFAULT_WEIGHTS else Path(name)
    missing = [file for file in _required_files() if not (folder / file).is_file()]
    if missing:
        raise WeightsError(
            folder, f"has no {missing[0]}", f"make it by `kandian train`, or set model = {DEFAULT_WEIGHTS!r}"
        )
    return folder


def weights_bundle_digest(name: str) -> str:
    """SHA-256 over the files of the bundle except its card."""
    folder = weights_bundle_folder(name)
    digest = hashlib.sha256()
    for file in _required_files():
        digest.update(file.encode() + b"\0" + hashlib.sha256((folder / file).read_bytes()).digest())
    return digest.hexdigest()


@cache
def load_weights_bundle(name: str) -> WeightsBundle:
    """The bundle called `name`, read once a process."""
    folder = weights_bundle_folder(name)
    saved = _read_json(dict[str, dict[str, float]], folder / SCORES_FILE)
    return WeightsBundle(
        {language: load_discourse(folder / _discourse_file(language)) for language in get_args(Language)},
        ScoreWeights.from_dict(saved, folder / SCORES_FILE),
        _read_json(ConfidenceModel, folder / CONFIDENCE_FILE),
    )


def save_weights_bundle(bundle: WeightsBundle, folder: Path, card: str) -> None:
    """Write `bundle` into `folder`: the same bytes for the same models."""
    folder.mkdir(parents=True, exist_ok=True)
    for language, discourse in bundle.discourse.items():
        save_discourse(discourse, folder / _discourse_file(language))
    _write_json(folder / SCORES_FILE, bundle.scores.to_dict())
    _write_json(folder / CONFIDENCE_FILE, asdict(bundle.confidence))
    (folder / MODEL_CARD_FILE).write_text(card, encoding="utf-8")


def _required_files() -> tuple[str, ...]:
    return (*(_discourse_file(language) for language in get_args(Language)), SCORES_FILE, CONFIDENCE_FILE)


def _discourse_file(language: Language) -> str:
    return f"discourse-{language}.npz"


def _read_json(kind: type[_T], file: Path) -> _T:
    """The value of class `kind` that `file` holds as JSON."""
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(kind).validate_json(file.read_bytes(), strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        field_path = ".".join(map(str, first["loc"]))
        raise WeightsError(file, f"cannot be used: {field_path}: {first['msg']}", RETRAIN_REMEDY) from error


def _write_json(file: Path, value: object) -> None:
    file.write_text(json.dumps(value, indent=1, allow_nan=False) + "\n", encoding="utf-8")
