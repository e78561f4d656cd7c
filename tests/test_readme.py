"""What the pages show in a terminal is what the program prints.

In a block of code named `console`, a line that begins with "$ " is a command, and the lines below it are its output.
"..." stands for any text within a line: for times of day, and for costs that differ from run to run.
"""

import re
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import Command

ROOT = Path(__file__).parents[1]
PAGES = ("README.md", "docs/operations.md")
SHOW = "fixtures/shows/zh-mini"
WITHOUT_RECORDING = "broken/2026-11-12"
COLUMNS = "80"  # of the terminal that the pages show
BLOCK = re.compile(r"```console\n(.*?)```", re.S)
ECHO_CODE = "; echo $?"


@dataclass(frozen=True)
class Example:
    """A command that a page shows, and the lines that the page shows as its output."""

    command: str
    output: tuple[str, ...]


def examples(page: str) -> list[Example]:
    blocks = BLOCK.findall((ROOT / page).read_text(encoding="utf-8"))
    parts = [part.splitlines() for block in blocks for part in re.split(r"^\$ ", block, flags=re.M) if part.strip()]
    return [Example(lines[0], tuple(lines[1:])) for lines in parts]


def is_shown_by(documented: str, printed: str) -> bool:
    pattern = ".*".join(map(re.escape, documented.split("...")))
    return re.fullmatch(pattern, printed.rstrip()) is not None


def answers(example: Example, kandian_command: Command) -> tuple[list[str], list[str]]:
    """The lines that the command prints on standard output and on standard error."""
    arguments = shlex.split(example.command.removesuffix(ECHO_CODE))
    assert arguments.pop(0) == "kandian"
    answer = kandian_command(*arguments)
    code = [str(answer.code)] if example.command.endswith(ECHO_CODE) else []
    return [*answer.out.splitlines(), *code], answer.err.splitlines()


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with what the examples name, as the current one."""
    shutil.copytree(ROOT / SHOW, tmp_path / SHOW)
    (tmp_path / WITHOUT_RECORDING).mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", COLUMNS)


def test_the_pages_show_the_commands_that_people_begin_with() -> None:
    shown = [example.command.split()[1] for page in PAGES for example in examples(page)]

    assert shown == ["run", "run", "show", "run", "status"]


def test_dots_stand_for_any_text_within_a_line() -> None:
    assert is_shown_by("zh-mini: done, ... highlights", "zh-mini: done, 4 highlights")
    assert not is_shown_by("zh-mini: done, ... highlights", "zh-mini: failed, 4 highlights")
    assert not is_shown_by("zh-mini: done", "zh-mini: done, 4 highlights")


@pytest.mark.slow
@pytest.mark.usefixtures("checkout")
def test_the_pages_show_what_the_program_prints(kandian_command: Command) -> None:
    """In the order of the pages, with one OUT folder: later commands are about what earlier ones made."""
    for example in (example for page in PAGES for example in examples(page)):
        out, err = answers(example, kandian_command)
        rest = [line for line in example.output if not any(is_shown_by(line, printed) for printed in err)]
        differing = [
            (line, printed) for line, printed in zip(rest, out, strict=False) if not is_shown_by(line, printed)
        ]

        assert differing == [], example.command
        assert len(rest) == len(out), (example.command, rest, out)
