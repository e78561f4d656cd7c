"""kandian.toml: the file that people copy must say what kandian does without it."""

import dataclasses
import re
import tomllib
from pathlib import Path

from pipeline.engine.stage import stage_name
from pipeline.flow import STAGES
from pipeline.network.webhook import WebhookSettings
from pipeline.settings import WEBHOOK_SECTION, load_stages, load_webhook

FILE = Path(__file__).parents[1] / "kandian.toml"
SETTING = re.compile(r"^[a-z]\w* = [^#]+#.+$")


def test_every_stage_has_a_section_with_all_its_fields_and_nothing_else() -> None:
    sections = tomllib.loads(FILE.read_text(encoding="utf-8"))

    expected = [(stage_name(kind()), [field.name for field in dataclasses.fields(kind())]) for kind in STAGES]  # type: ignore[arg-type]

    expected.append((WEBHOOK_SECTION, [field.name for field in dataclasses.fields(WebhookSettings)]))

    assert [(name, list(section)) for name, section in sections.items()] == expected


def test_every_value_is_the_default() -> None:
    assert load_stages(FILE) == tuple(kind() for kind in STAGES)
    assert load_webhook(FILE) == WebhookSettings()


def test_every_setting_has_a_comment_that_explains_it() -> None:
    settings = [line for line in FILE.read_text(encoding="utf-8").splitlines() if line[:1].isalpha()]

    assert [line for line in settings if not SETTING.match(line)] == []
