"""kandian.toml: one section a stage, one key a field. An unknown name or a wrong type is an error that names both.

One section belongs to no stage: [webhook], the server that every publication is reported to.
"""

import dataclasses
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

from domain.errors import InvalidValue, SettingsError
from pipeline.engine.serialization import strict_adapter
from pipeline.engine.stage import Stage, stage_name
from pipeline.flow import STAGES

if TYPE_CHECKING:
    from pipeline.network.webhook import WebhookSettings

T = TypeVar("T")
DEFAULT_SETTINGS_FILE = Path("kandian.toml")
WEBHOOK_SECTION = "webhook"
RENAMED_SECTIONS = {"language_model": "reword_takes"}


def load_stages(file: Path | None) -> tuple[Stage, ...]:
    """Every stage, with the settings of `file`; of kandian.toml in the current folder, if there is one, by default."""
    file, sections = _load_sections(file)
    by_name = {stage_name(kind()): kind for kind in STAGES}
    for section in sections:
        if section not in by_name and section != WEBHOOK_SECTION:
            remedy = _suggestion(section, (*by_name, WEBHOOK_SECTION))
            raise SettingsError(f"{file} [{section}]", "no stage has this name", remedy)
    return tuple(_build(kind, sections.get(name, {}), f"{file} [{name}]") for name, kind in by_name.items())


def load_webhook(file: Path | None) -> "WebhookSettings":
    """The webhook of `file`, of kandian.toml by default; off where there is no such section."""
    from pipeline.network.webhook import WebhookSettings

    file, sections = _load_sections(file)
    return _build(WebhookSettings, sections.get(WEBHOOK_SECTION, {}), f"{file} [{WEBHOOK_SECTION}]")


def _load_sections(file: Path | None) -> tuple[Path | None, Mapping[str, Mapping[str, Any]]]:
    if file is None:
        file = DEFAULT_SETTINGS_FILE if DEFAULT_SETTINGS_FILE.exists() else None
    return file, {} if file is None else _parse_toml(file)


def _parse_toml(file: Path) -> Mapping[str, Mapping[str, Any]]:
    try:
        sections = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(str(file), f"cannot be read ({error.strerror})", "check the path") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(str(file), f"is not TOML ({error})", "mend that line") from error
    for name, section in sections.items():
        if not isinstance(section, dict):
            raise SettingsError(f"{file} {name}", "stands outside a section", "put it below a [stage] line")
    return sections


def _build(kind: type[T], section: Mapping[str, Any], where: str) -> T:
    from pydantic import ValidationError

    hints = get_type_hints(kind)
    fields = {field.name: hints[field.name] for field in dataclasses.fields(kind)}  # type: ignore[arg-type]
    settings: dict[str, Any] = {}
    for key, value in section.items():
        if key not in fields:
            raise SettingsError(f"{where} {key}", "the stage has no such setting", _suggestion(key, tuple(fields)))
        try:
            settings[key] = strict_adapter(fields[key]).validate_python(value)
        except ValidationError as error:
            what = f"{value!r} is not allowed ({error.errors()[0]['msg']})"
            raise SettingsError(f"{where} {key}", what, f"give a {_type_name(fields[key])}") from error
    try:
        return kind(**settings)
    except InvalidValue as error:
        raise SettingsError(where, str(error), "mend the value") from error


def _suggestion(name: str, known: tuple[str, ...]) -> str:
    from pipeline.inputs.parsing.suggestions import closest_name

    match = RENAMED_SECTIONS.get(name) or closest_name(name, known)
    return f"did you mean {match!r}?" if match else f"known are {', '.join(sorted(known)) or 'none'}"


def _type_name(hint: Any) -> str:
    return hint.__name__ if isinstance(hint, type) else str(hint)
