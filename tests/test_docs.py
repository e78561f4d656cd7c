"""What the pages say about kandian is true of the code."""

import importlib
import inspect
import pkgutil
import re
import textwrap
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import typer.main

import domain
import kandian
from domain.catalog import Product
from kandian.cli import app, exit_codes
from pipeline.engine.stage import Stage, wiring_of
from pipeline.flow import STAGES
from pipeline.inputs.catalog import DEFAULT_CURRENCIES
from pipeline.inputs.events import EVENT_KEYS, KNOWN_TYPES
from pipeline.inputs.product_rows import CATALOG_KEYS, PRODUCT_KEYS
from pipeline.inputs.session_folder import CAPTIONS_FILES, CATALOG_FILES, EVENTS_FILES, RECORDING_SUFFIXES
from pipeline.inputs.session_list import LIST_KEYS

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("models/**/*.md")])
GUIDES = ("README.md", "docs/operations.md", "docs/learning.md", "docs/formats.md", "docs/api.md")
CALL = re.compile(r"(?<!from )\bkandian ([a-z-]+)\b([^\n`|]*)")
FLAG = re.compile(r"(?<!\S)--[a-z-]+")
LINK = re.compile(r"\]\(([^)#:]+)\)")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def code(name: str) -> str:
    """What a page shows as code: its blocks and its `words`."""
    return "\n".join(part or word for part, word in re.findall(r"```\w*\n(.*?)```|`([^`\n]+)`", text(name), re.S))


def flags_by_command() -> dict[str, set[str]]:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]  # an app of several is a group
    return {name: {"--help"} | set(flags_of(command)) for name, command in commands.items()}


def flags_of(command: Any) -> Iterator[str]:
    """Of a command, and of those below it where it is a group."""
    yield from (flag for parameter in command.params for flag in parameter.opts)
    for below in getattr(command, "commands", {}).values():
        yield from flags_of(below)


def rows(page: str) -> list[list[str]]:
    """The cells of every table row of a page, headings and rulers left out."""
    lines = [line for line in text(page).splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row, after in zip(cells, [*cells[1:], [""]], strict=True) if not _is_ruler(row) + _is_ruler(after)]


def _is_ruler(row: list[str]) -> bool:
    return bool(row[0]) and set("".join(row)) <= set("-: ")


@pytest.mark.parametrize("page", GUIDES)
def test_every_command_and_flag_that_a_page_names_is_there(page: str) -> None:
    known = flags_by_command()
    calls = CALL.findall(code(page))

    assert calls
    assert [command for command, _ in calls if command not in known] == []
    unknown = [
        (command, flag) for command, options in calls for flag in FLAG.findall(options) if flag not in known[command]
    ]
    assert unknown == []


def test_every_command_is_in_the_page_of_operations() -> None:
    named = {command for command, _ in CALL.findall(code("docs/operations.md"))}

    assert flags_by_command().keys() - named == set()


def test_the_page_of_operations_lists_every_exit_code() -> None:
    codes = {value for name, value in vars(exit_codes).items() if name.isupper() and isinstance(value, int)}

    assert {int(row[0]) for row in rows("docs/operations.md") if row[0].isdigit()} == codes


def test_every_make_target_that_a_page_names_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.M))
    named = {
        target for page in PAGES for target in re.findall(r"[`\n]make ([a-z-]+)", page.read_text(encoding="utf-8"))
    }

    assert named - targets == set()
    assert {"demo", "test"} <= named


def test_every_make_target_explains_itself() -> None:
    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.M))

    assert targets == set(re.findall(r"^([a-z-]+):.*## \S", text("Makefile"), re.M))


def test_the_readme_shows_the_lines_of_python_that_the_module_documents() -> None:
    block = re.search(r"```python\n(.*?)```", text("README.md"), re.S)
    assert block is not None

    assert textwrap.indent(block[1].strip(), "    ") in (kandian.__doc__ or "")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    links = LINK.findall(page.read_text(encoding="utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []


def flow_row(kind: type[Stage]) -> list[str]:
    """The first four cells that docs/flow.md must have for a stage."""
    contract = wiring_of(kind)
    whole = contract.output_type.__name__
    return [
        f"[{kind.__name__}](../{kind.__module__.replace('.', '/')}.py)",
        ", ".join(sorted(needed.__name__ for needed in contract.required_types)),
        whole if contract.piece_type is None else f"{contract.piece_type.__name__} a part, joined to {whole}",
        str(kind.needs.memory_mb),
    ]


def test_the_table_of_the_flow_is_what_the_code_wires() -> None:
    table = [row[:4] for row in rows("docs/flow.md") if row[0].startswith("[")]

    assert table == [flow_row(kind) for kind in STAGES]


def test_the_picture_of_the_flow_has_a_box_for_every_stage() -> None:
    picture = ElementTree.parse(ROOT / "docs" / "flow.svg")
    words = {"".join(element.itertext()) for element in picture.iter("{http://www.w3.org/2000/svg}text")}

    assert {kind.__name__ for kind in STAGES} - words == set()


def public_classes() -> Iterator[str]:
    for each in pkgutil.iter_modules(domain.__path__):
        module = importlib.import_module(f"domain.{each.name}")
        for name, value in vars(module).items():
            if inspect.isclass(value) and value.__module__ == module.__name__ and not name.startswith("_"):
                yield name


def test_the_glossary_has_a_word_for_every_class_of_the_domain() -> None:
    named = set(re.findall(r"`(\w+)`", text("docs/glossary.md")))

    assert named == set(public_classes())


def test_every_word_of_the_glossary_has_its_chinese() -> None:
    terms = [row for row in rows("docs/glossary.md") if len(row) > 1]

    assert terms
    assert [row[0] for row in terms if not re.search(r"[\u4e00-\u9fff]", row[1])] == []


def test_the_page_of_formats_names_every_key_that_is_read() -> None:
    words = set(re.findall(r"\w+", text("docs/formats.md")))

    assert {*CATALOG_KEYS, *PRODUCT_KEYS, *EVENT_KEYS, *KNOWN_TYPES, *LIST_KEYS} - words == set()


def test_the_page_of_formats_names_every_file_that_a_session_may_hold() -> None:
    page = text("docs/formats.md")

    assert [
        name for name in (*CATALOG_FILES, *EVENTS_FILES, *CAPTIONS_FILES, *RECORDING_SUFFIXES) if name not in page
    ] == []


def test_the_page_of_formats_tells_the_currencies_that_are_taken() -> None:
    assert (DEFAULT_CURRENCIES["zh"], DEFAULT_CURRENCIES["en"]) == ("CNY", "USD")
    assert "CNY for a Chinese show and USD for an English one" in text("docs/formats.md")
    assert Product(product_id="1", title="水").currency == "CNY"


def test_the_locked_versions_are_versions_only() -> None:
    lines = [line for line in text("constraints.txt").splitlines() if not line.startswith("#")]

    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line)] == []
    assert [line for line in lines if line.startswith("kandian")] == []


def test_every_declared_dependency_is_locked() -> None:
    project = tomllib.loads(text("pyproject.toml"))["project"]
    declared = [
        *project["dependencies"],
        *(name for extra in project["optional-dependencies"].values() for name in extra),
    ]
    locked = {line.split("==")[0] for line in text("constraints.txt").splitlines()}

    names = {re.split(r"[<>=!~\[; ]", requirement)[0] for requirement in declared}
    assert {canonical(name) for name in names} - {canonical(name) for name in locked} == set()


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_changelog_knows_the_version() -> None:
    version = tomllib.loads(text("pyproject.toml"))["project"]["version"]

    assert f"## {version} " in text("CHANGELOG.md")


FILE_OF_A_TRIP = re.compile(r"`((?:stages|kandian|web|learning|pipeline|models|media|domain)/[\w/]+(?:\.py|/))`")


def test_every_module_that_the_page_of_the_architecture_names_is_there() -> None:
    named = FILE_OF_A_TRIP.findall(text("docs/architecture.md"))
    paths = [ROOT / ("pipeline/" + name if name.startswith("stages/") else name) for name in named]

    assert named
    assert [str(path) for path in paths if not path.exists()] == []


def test_the_page_of_the_architecture_has_every_folder() -> None:
    tree = re.search(r"```\n(.*?)```", text("docs/architecture.md"), re.S)
    assert tree is not None
    drawn = re.findall(r"^ *([a-z_/]+)/ ", tree[1], re.M)
    folders = {
        folder.relative_to(ROOT).as_posix()
        for layer in ("kandian", "web", "learning", "pipeline", "models", "media", "domain")
        for folder in [ROOT / layer, *(path for path in (ROOT / layer).rglob("*") if path.is_dir())]
        if any(file.name != "__init__.py" for file in folder.glob("*.py"))
    }
    folders -= {"pipeline/ledger/migrations", "pipeline/ledger/migrations/versions"}  # Alembic's own

    missing = [folder for folder in sorted(folders) if not any(f"/{folder}".endswith(f"/{name}") for name in drawn)]
    assert missing == []
