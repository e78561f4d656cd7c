"""kandian.toml: the file that people copy must say what kandian does without it."""

import dataclasses
import re
import tomllib
from pathlib import Path

from pipeline.engine.stage import stage_name
from pipeline.flow import STAGES
from pipeline.network.language_model import LanguageModel
from pipeline.network.webhook import Webhook
from pipeline.settings import LANGUAGE_MODEL, WEBHOOK, language_model_from, stages_from, webhook_from

FILE = Path(__file__).parents[1] / "kandian.toml"
SETTING = re.compile(r"^[a-z]\w* = [^#]+#.+$")


def test_every_stage_has_a_section_with_all_its_fields_and_nothing_else() -> None:
    sections = tomllib.loads(FILE.read_text(encoding="utf-8"))

    expected = [(stage_name(kind()), [field.name for field in dataclasses.fields(kind())]) for kind in STAGES]  # type: ignore[arg-type]

    expected.append((LANGUAGE_MODEL, [field.name for field in dataclasses.fields(LanguageModel)]))
    expected.append((WEBHOOK, [field.name for field in dataclasses.fields(Webhook)]))

    assert [(name, list(section)) for name, section in sections.items()] == expected


def test_every_value_is_the_default() -> None:
    assert stages_from(FILE) == tuple(kind() for kind in STAGES)
    assert language_model_from(FILE) == LanguageModel()
    assert webhook_from(FILE) == Webhook()


def test_every_setting_has_a_comment_that_explains_it() -> None:
    settings = [line for line in FILE.read_text(encoding="utf-8").splitlines() if line[:1].isalpha()]

    assert [line for line in settings if not SETTING.match(line)] == []
