"""Names of artefacts: everything that may change a result goes into its key, and nothing else does."""

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from pipeline.engine.stage import Part, Stage, stage_name
from pipeline.engine.store import KEY_LENGTH
from pipeline.engine.tool_versions import tool_versions


def settings_of(stage: Stage) -> dict[str, Any]:
    """The stage's settings that are in its keys by name, as JSON values."""
    fields = dataclasses.fields(stage)  # type: ignore[arg-type]  # every stage is a dataclass (tested)
    names = [field.name for field in fields if field.metadata.get("is_in_key", True)]
    return {name: json.loads(json.dumps(getattr(stage, name), default=str)) for name in names}


def weight_digests(stage: Stage) -> dict[str, str]:
    """Digests of the learned files that the stage says it loads."""
    list_weights = getattr(stage, "weights", None)
    if list_weights is None:
        return {}
    from models.weight_digests import weights_digest

    return {name: weights_digest(name) for name in list_weights()}


def artefact_key(stage: Stage, action: str, digests: Mapping[str, str], part: Part | None = None) -> str:
    """The key of what `stage` makes of inputs with these content digests. `action`: "make", "part" or "join"."""
    part_values = None if part is None else [part.span.start, part.span.end, *_payload_values(part)]
    key_inputs = {
        "stage": stage_name(stage),
        "action": action,
        "version": stage.version,
        "settings": settings_of(stage),
        "tools": tool_versions(stage.tools),
        "weights": weight_digests(stage),
        "inputs": dict(digests),
        "part": part_values,
    }
    text = json.dumps(key_inputs, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:KEY_LENGTH]


def _payload_values(part: Part) -> list[dict[str, Any]]:
    """The payload of `part` as JSON values; nothing for a part that is only a stretch."""
    return [] if part.payload is None else [dataclasses.asdict(part.payload)]
