"""Names of artefacts: everything that may change a result goes into its key, and nothing else does."""

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from pipeline.engine.stage import Part, Stage, stage_name
from pipeline.engine.store import KEY_LENGTH
from pipeline.engine.tool_versions import versions


def settings_of(stage: Stage) -> dict[str, Any]:
    """The stage's fields by name, as JSON values."""
    fields = dataclasses.fields(stage)  # type: ignore[arg-type]  # every stage is a dataclass (tested)
    return {field.name: json.loads(json.dumps(getattr(stage, field.name), default=str)) for field in fields}


def weights_of(stage: Stage) -> dict[str, str]:
    """Digests of the learned files that the stage says it loads."""
    named = getattr(stage, "weights", None)
    if named is None:
        return {}
    from models.weight_digests import digest_of

    return {name: digest_of(name) for name in named()}


def key_of(stage: Stage, action: str, digests: Mapping[str, str], part: Part | None = None) -> str:
    """The key of what `stage` makes of inputs with these content digests. `action` tells a part from the whole."""
    parts = None if part is None else [part.span.start, part.span.end, *_told(part)]
    made_of = {
        "stage": stage_name(stage),
        "action": action,
        "version": stage.version,
        "settings": settings_of(stage),
        "tools": versions(stage.tools),
        "weights": weights_of(stage),
        "inputs": dict(digests),
        "part": parts,
    }
    text = json.dumps(made_of, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:KEY_LENGTH]


def _told(part: Part) -> list[dict[str, Any]]:
    """What `part` is told, as JSON values; nothing for a part that is but a stretch."""
    return [] if part.about is None else [dataclasses.asdict(part.about)]
