"""The rules of architecture that a machine can check: layers, folders, sizes, and who may import and start what."""

import ast
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LAYERS = (("kandian",), ("web", "learning"), ("pipeline",), ("models", "media"), ("domain",))
"""From the top down. Who stands on the same level does not know the other."""
MAX_MODULE_LINES, MAX_FUNCTION_LINES, MAX_PARAMETERS = 400, 40, 5
MIN_MODULES, MAX_MODULES = 5, 15  # of a folder, without its __init__.py
SMALL_FOLDERS = {
    "kandian": "the front door: __main__.py, and what embeds kandian; all else is in cli and terminal",
    "learning/simulation": "what a simulated show is made of besides its scripts and its ASR errors",
    "models": "the digests of all weights; else it holds packages only",
    "pipeline": "where a reader begins: the flow, its settings, the runner and what starts it",
    "pipeline/engine/executors": "one module an executor: here, in a pool, on Ray",
    "pipeline/ledger/migrations": "Alembic's own layout",
    "pipeline/ledger/migrations/versions": "Alembic's own layout: one module a change of the tables",
    "pipeline/network": "one module a thing that is reached over a connection, and the client for all of them",
    "pipeline/publishing": "what edits and publications do to results; formats of others are in exports",
}
LARGE_FOLDERS = {
    "kandian/cli": (16, "one module a command, thirteen commands, and what all of them share"),
}
MEANINGLESS = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc", "data"}
STARTS_PROGRAMS = {"subprocess", "pty", "popen2"}
STARTING_CALLS = ("system", "popen", "fork", "exec", "spawn", "posix_spawn", "startfile")
OWNERS = {
    "cv2": {"media", "models/vision"},
    "PIL": {"media"},
    "rapidocr": {"models/vision"},
    "sklearn": {"learning/training"},
    "scipy": {"learning/training", "models/evidence", "models/segmentation"},
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
STAGE_CONTRACT = ("__call__", "join", "parts")  # of stages: their parameters are the wiring


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
    """Every module that `module` imports, at its top or inside a function, and every name that it takes from one."""
    names: set[str] = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module.path}:{node.lineno} imports relatively"
            names |= {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def roots(module: Module) -> set[str]:
    return {name.split(".")[0] for name in imported(module)}


def functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    yield from (n for n in ast.walk(module.tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))


def parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    arguments = function.args
    names = [each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    names += [each.arg for each in (arguments.vararg, arguments.kwarg) if each is not None]
    return names[1:] if names[:1] in (["self"], ["cls"]) else names


def is_exempt(module: Module, name: str) -> bool:
    """Whether a function may have many parameters: a command's are its options."""
    is_stage = module.path.startswith("pipeline/stages/")
    return module.path.startswith("kandian/cli/") or (is_stage and name in STAGE_CONTRACT)


def innermost_folder(name: str, folders: set[str]) -> str:
    """The folder of ours that a module, or a name inside one, lies in; "" where it is none of ours."""
    path = name.replace(".", "/")
    while path and path not in folders:
        path = path.rpartition("/")[0]
    return path


def folder_graph() -> dict[str, set[str]]:
    """The folders that each folder imports from."""
    folders = {module.folder for module in modules()}
    graph: dict[str, set[str]] = {folder: set() for folder in folders}
    for module in modules():
        graph[module.folder] |= {innermost_folder(name, folders) for name in imported(module)}
    return {folder: imports - {"", folder} for folder, imports in graph.items()}


def test_every_layer_has_modules() -> None:
    assert {module.layer for module in modules()} == {layer for layers in LAYERS for layer in layers}


def test_imports_point_downwards_only() -> None:
    rank = {layer: number for number, layers in enumerate(LAYERS) for layer in layers}
    wrong = [
        f"{module.path} imports {root}"
        for module in modules()
        for root in roots(module)
        if root in rank and root != module.layer and rank[root] <= rank[module.layer]
    ]
    assert wrong == []


def test_folders_form_no_ring() -> None:
    try:
        TopologicalSorter(folder_graph()).prepare()
    except CycleError as error:
        pytest.fail(f"these folders import each other: {' <- '.join(error.args[1])}")


def test_a_folder_holds_5_to_15_modules() -> None:
    counts = Counter(module.folder for module in modules() if not module.path.endswith("__init__.py"))
    limits = {folder: limit for folder, (limit, _) in LARGE_FOLDERS.items()}
    assert {f: n for f, n in counts.items() if n > limits.get(f, MAX_MODULES)} == {}
    assert {folder for folder in LARGE_FOLDERS if counts[folder] <= MAX_MODULES} == set(), "needs no reason any more"
    assert {f: n for f, n in counts.items() if n < MIN_MODULES and f not in SMALL_FOLDERS} == {}


def test_no_class_name_is_there_twice() -> None:
    classes = [
        (node.name, module.path)
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
    ]
    counts = Counter(name for name, _ in classes)
    assert [(name, path) for name, path in classes if counts[name] > 1] == []


def test_no_layer_imports_tests_fixtures_or_bench() -> None:
    wrong = [(m.path, r) for m in modules() for r in roots(m) if r in ("tests", "fixtures", "bench")]
    assert wrong == []


def test_the_domain_needs_numpy_and_nothing_else() -> None:
    allowed = {*sys.stdlib_module_names, "domain", "numpy"}
    assert {r for m in modules() if m.layer == "domain" for r in roots(m)} - allowed == set()


def test_stages_know_no_runner_store_or_settings() -> None:
    forbidden = {f"pipeline.{name}" for name in ("runner", "settings", "run")}
    forbidden |= {f"pipeline.engine.{name}" for name in ("store", "task", "plan", "executors")}
    wrong = [
        (module.path, name)
        for module in modules()
        for name in imported(module)
        if module.path.startswith("pipeline/stages/") and any(f"{name}.".startswith(f"{each}.") for each in forbidden)
    ]
    assert wrong == []


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
    assert [(module.path, module.lines) for module in modules() if module.lines > MAX_MODULE_LINES] == []


def test_functions_are_at_most_40_lines_long() -> None:
    long_functions = [
        f"{module.path}:{function.lineno} {function.name}"
        for module in modules()
        for function in functions(module)
        if (function.end_lineno or 0) - function.lineno + 1 > MAX_FUNCTION_LINES
    ]
    assert long_functions == []


def test_functions_take_at_most_five_parameters() -> None:
    wide = [
        f"{module.path}:{function.lineno} {function.name}"
        for module in modules()
        for function in functions(module)
        if len(parameters(function)) > MAX_PARAMETERS and not is_exempt(module, function.name)
    ]
    assert wide == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    names = {part for module in modules() for part in Path(module.path).with_suffix("").parts}
    assert names & MEANINGLESS == set()


def test_every_module_says_what_it_is_for() -> None:
    assert [module.path for module in modules() if module.is_public and not ast.get_docstring(module.tree)] == []


def test_nothing_asserts_outside_tests() -> None:
    asserts = [(m.path, n.lineno) for m in modules() for n in ast.walk(m.tree) if isinstance(n, ast.Assert)]
    assert asserts == []


def test_stages_and_models_are_silent() -> None:
    silent = [m for m in modules() if m.layer in ("domain", "models") or m.path.startswith("pipeline/stages/")]
    prints = [
        (module.path, node.lineno)
        for module in silent
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert prints == []
    assert [m.path for m in silent if roots(m) & {"logging", "structlog", "warnings"}] == []
