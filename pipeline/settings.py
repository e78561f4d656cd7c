"""kandian.toml: one section a stage, one key a field. Unknown names and wrong types are errors that say both.

Two sections are of no stage: [language_model], which the runner asks, and [webhook], which is told of publications.
"""

import dataclasses
import difflib
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

from domain.errors import InvalidValue, SettingsError
from pipeline.engine.stage import Stage, stage_name
from pipeline.flow import STAGES

if TYPE_CHECKING:
    from pipeline.network.language_model import LanguageModelSettings
    from pipeline.network.webhook import WebhookSettings

T = TypeVar("T")
DEFAULT_SETTINGS_FILE = Path("kandian.toml")
LANGUAGE_MODEL_SECTION, WEBHOOK_SECTION = "language_model", "webhook"
NON_STAGE_SECTIONS = (LANGUAGE_MODEL_SECTION, WEBHOOK_SECTION)


def load_stages(file: Path | None) -> tuple[Stage, ...]:
    """Every stage, with the settings of `file`; of kandian.toml in the current folder, if there is one, by default."""
    file, sections = _load_sections(file)
    by_name = {stage_name(kind()): kind for kind in STAGES}
    for section in sections:
        if section not in by_name and section not in NON_STAGE_SECTIONS:
            known_sections = [*by_name, *NON_STAGE_SECTIONS]
            raise SettingsError(f"{file} [{section}]", "no stage has this name", _suggestion(section, known_sections))
    return tuple(_build(kind, sections.get(name, {}), f"{file} [{name}]") for name, kind in by_name.items())


def load_language_model(file: Path | None) -> "LanguageModelSettings":
    """The language model of `file`, of kandian.toml by default; off where there is no section of it."""
    from pipeline.network.language_model import LanguageModelSettings

    file, sections = _load_sections(file)
    return _build(LanguageModelSettings, sections.get(LANGUAGE_MODEL_SECTION, {}), f"{file} [{LANGUAGE_MODEL_SECTION}]")


def load_webhook(file: Path | None) -> "WebhookSettings":
    """Who is told of publications, by `file`, by kandian.toml by default; nobody where there is no section of it."""
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
    from pydantic import ConfigDict, TypeAdapter, ValidationError

    hints = get_type_hints(kind)
    fields = {field.name: hints[field.name] for field in dataclasses.fields(kind)}  # type: ignore[arg-type]
    settings: dict[str, Any] = {}
    for key, value in section.items():
        if key not in fields:
            raise SettingsError(f"{where} {key}", "the stage has no such setting", _suggestion(key, fields))
        try:
            strict_config = ConfigDict(strict=True, allow_inf_nan=False)
            settings[key] = TypeAdapter(fields[key], config=strict_config).validate_python(value)
        except ValidationError as error:
            what = f"{value!r} is not allowed ({error.errors()[0]['msg']})"
            raise SettingsError(f"{where} {key}", what, f"give a {_type_name(fields[key])}") from error
    try:
        return kind(**settings)
    except InvalidValue as error:
        raise SettingsError(where, str(error), "mend the value") from error


def _suggestion(name: str, candidates: Collection[str]) -> str:
    matches = difflib.get_close_matches(name, candidates, n=1)
    return f"did you mean {matches[0]!r}?" if matches else f"known are {', '.join(sorted(candidates)) or 'none'}"


def _type_name(hint: Any) -> str:
    return hint.__name__ if isinstance(hint, type) else str(hint)
