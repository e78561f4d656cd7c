"""The rules of the house that a machine can hold: layers, sizes, and who may import and start what."""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LAYERS = (("kandian", "web", "learning", "pipeline", "models", "media"), ("domain",))
LONGEST_MODULE, LONGEST_FUNCTION, MOST_PARAMETERS = 400, 40, 5
MEANINGLESS = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc", "data"}
STARTS_PROGRAMS = {"subprocess", "pty", "popen2"}
STARTING_CALLS = ("system", "popen", "fork", "exec", "spawn", "posix_spawn", "startfile")
OWNERS = {
    "cv2": {"media", "models/vision"},
    "PIL": {"media"},
    "rapidocr": {"models/vision"},
    "sklearn": {"learning/training"},
    "scipy": {"learning/training", "models/segmentation"},
    "faster_whisper": {"models/speech"},
    "ctranslate2": {"models/speech"},
    "ray": {"pipeline/engine/executors"},
    "opencc": {"models/text"},
    "pypinyin": {"learning/simulation/asr_noise", "models/text"},
    "rapidfuzz": {"models/linking", "models/rescoring", "pipeline/inputs/parsing"},
    "jellyfish": {"models/linking"},
    "imageio_ffmpeg": {"media"},
    "typer": {"kandian/cli"},
    "uvicorn": {"web"},
    "prometheus_client": {"web/http"},
    "av": {"media", "media/encode", "media/package", "media/scan", "pipeline/stages/media"},
    "sqlalchemy": {"pipeline/ledger", "pipeline/ledger/migrations/versions"},
    "huggingface_hub": {"models/speech"},
}
CONNECTING = {"http.client", "urllib.request", "ssl", "asyncio", "httpx", "requests", "urllib3", "aiohttp", "ftplib"}
THE_CONTRACT = ("__call__", "join", "parts")  # of stages: their parameters are the wiring


@dataclass(frozen=True)
class Module:
    path: str
    tree: ast.Module
    lines: int

    @property
    def layer(self) -> str:
        return self.path.split("/")[0]

    @property
    def folder(self) -> str:
        return Path(self.path).parent.as_posix()

    @property
    def is_public(self) -> bool:
        return all(part == "__init__" or not part.startswith("_") for part in Path(self.path).with_suffix("").parts)


@cache
def modules() -> tuple[Module, ...]:
    return tuple(_modules())


def _modules() -> Iterator[Module]:
    for file in sorted(file for layers in LAYERS for layer in layers for file in (ROOT / layer).rglob("*.py")):
        text = file.read_text(encoding="utf-8")
        yield Module(file.relative_to(ROOT).as_posix(), ast.parse(text), text.count("\n"))


@cache
def imported(module: Module) -> set[str]:
    """Every name of a module that `module` imports, at its top or inside a function."""
    names: set[str] = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module.path}:{node.lineno} imports relatively"
            names.add(node.module or "")
    return names


def roots(module: Module) -> set[str]:
    return {name.split(".")[0] for name in imported(module)}


def functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    yield from (n for n in ast.walk(module.tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))


def parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    given = function.args
    names = [each.arg for each in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    names += [each.arg for each in (given.vararg, given.kwarg) if each is not None]
    return names[1:] if names[:1] in (["self"], ["cls"]) else names


def is_exempt(module: Module, name: str) -> bool:
    """Whether a function may have many parameters: a command's are its options."""
    is_stage = module.path.startswith("pipeline/stages/")
    return module.path.startswith("kandian/cli/") or (is_stage and name in THE_CONTRACT)


def test_the_layers_are_all_seen() -> None:
    assert {module.layer for module in modules()} == {layer for layers in LAYERS for layer in layers}
    assert len(modules()) > 60


def test_imports_point_downwards_only() -> None:
    rank = {layer: place for place, layers in enumerate(LAYERS) for layer in layers}
    upwards = [
        f"{module.path} imports {root}"
        for module in modules()
        for root in roots(module)
        if root in rank and rank[root] < rank[module.layer]
    ]
    assert upwards == []


def test_no_layer_imports_tests_fixtures_or_bench() -> None:
    found = [(m.path, r) for m in modules() for r in roots(m) if r in ("tests", "fixtures", "bench")]
    assert found == []


def test_the_domain_needs_numpy_and_nothing_else() -> None:
    allowed = {*sys.stdlib_module_names, "domain", "numpy"}
    assert {r for m in modules() if m.layer == "domain" for r in roots(m)} - allowed == set()


def test_stages_know_no_runner_store_or_settings() -> None:
    forbidden = {f"pipeline.{name}" for name in ("runner", "settings", "run")}
    forbidden |= {f"pipeline.engine.{name}" for name in ("store", "task", "plan", "executors")}
    found = [
        (module.path, name)
        for module in modules()
        for name in imported(module)
        if module.path.startswith("pipeline/stages/") and any(f"{name}.".startswith(f"{each}.") for each in forbidden)
    ]
    assert found == []


@pytest.mark.parametrize("library", sorted(OWNERS))
def test_a_heavy_library_is_imported_by_the_folders_that_own_it_only(library: str) -> None:
    assert {module.folder for module in modules() if library in roots(module)} == OWNERS[library]


def test_only_the_web_knows_its_framework() -> None:
    users = [module.path for module in modules() if {"fastapi", "starlette"} & roots(module)]
    assert [path for path in users if not path.startswith("web/")] == []


def test_only_named_modules_import_ffmpegs_graphs() -> None:
    """Graphs are built where they are needed; started in one place (below)."""
    users = {module.path for module in modules() if "ffmpeg" in roots(module)}
    assert all(path.startswith(("media/", "pipeline/stages/media/", "pipeline/stages/speech/")) for path in users)


def test_only_one_module_starts_programs() -> None:
    importers = {module.path for module in modules() if STARTS_PROGRAMS & roots(module)}
    callers = {
        module.path
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
        and node.attr.startswith(STARTING_CALLS)
    }
    assert (importers, callers) == ({"media/ffmpeg.py"}, set())


def test_only_one_module_opens_connections() -> None:
    """Hubs are reached by their own client, which has an owner above."""
    openers = {module.path for module in modules() if imported(module) & CONNECTING}
    assert openers == {"pipeline/network/http_client.py"}


def test_modules_are_at_most_400_lines_long() -> None:
    assert [(module.path, module.lines) for module in modules() if module.lines > LONGEST_MODULE] == []


def test_functions_are_at_most_40_lines_long() -> None:
    long = [
        f"{module.path}:{function.lineno} {function.name}"
        for module in modules()
        for function in functions(module)
        if (function.end_lineno or 0) - function.lineno + 1 > LONGEST_FUNCTION
    ]
    assert long == []


def test_functions_take_at_most_five_parameters() -> None:
    greedy = [
        f"{module.path}:{function.lineno} {function.name}"
        for module in modules()
        for function in functions(module)
        if len(parameters(function)) > MOST_PARAMETERS and not is_exempt(module, function.name)
    ]
    assert greedy == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    named = {part for module in modules() for part in Path(module.path).with_suffix("").parts}
    assert named & MEANINGLESS == set()


def test_every_module_says_what_it_is_for() -> None:
    assert [module.path for module in modules() if module.is_public and not ast.get_docstring(module.tree)] == []


def test_nothing_asserts_outside_tests() -> None:
    found = [(m.path, n.lineno) for m in modules() for n in ast.walk(m.tree) if isinstance(n, ast.Assert)]
    assert found == []


def test_stages_and_models_are_silent() -> None:
    quiet = [m for m in modules() if m.layer in ("domain", "models") or m.path.startswith("pipeline/stages/")]
    prints = [
        (module.path, node.lineno)
        for module in quiet
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert prints == []
    assert [m.path for m in quiet if roots(m) & {"logging", "structlog", "warnings"}] == []
