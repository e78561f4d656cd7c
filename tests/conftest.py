"""A tiny show and its results: made once a test run, copied for tests that change them; and `kandian` as a fixture."""

import shutil
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

from fixtures.media_guard import check_program, unmarked_tests
from fixtures.tiny_show import write_show
from kandian.cli import main
from pipeline.run import RunConfig, run

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--autoplay-policy=no-user-gesture-required",
    "--mute-audio",
)
NAME = "双十一"
MAY_RENDER = {"media", "slow", "crash", "browser", "ray", "postgresql"}
RENDERING_FIXTURES = {"tiny_show", "done_out"}  # others are copied from these

sys.addaudithook(check_program)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what takes the tiny show, before anything is selected by its marks."""
    for item in items:
        if RENDERING_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.media)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Say which test runs, its fixtures included, where it must not render media."""
    may_render = any(mark.name in MAY_RENDER for mark in item.iter_markers())
    unmarked_tests[:] = [] if may_render else [item.name]
    try:
        return (yield)
    finally:
        unmarked_tests.clear()


@pytest.fixture(scope="session")
def tiny_show(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a session called 双十一. Nobody changes it."""
    return write_show(tmp_path_factory.mktemp("shows") / NAME)


@pytest.fixture(scope="session")
def done_out(tiny_show: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An OUT folder with the results of the tiny show. Nobody changes it."""
    out = tmp_path_factory.mktemp("done") / "out"
    (outcome,) = run(tiny_show, config=RunConfig(out, executor="in_process"))
    assert outcome.folder == out / NAME, outcome.failures
    return out


@pytest.fixture
def show(tiny_show: Path, tmp_path: Path) -> Path:
    """A copy of the tiny show that a test may change."""
    return shutil.copytree(tiny_show, tmp_path / "shows" / NAME)


@pytest.fixture
def out(done_out: Path, tmp_path: Path) -> Path:
    """A copy of the OUT folder with the results of the tiny show, hard links to its store included."""
    copy = tmp_path / "out"
    shutil.copytree(done_out, copy)
    for result in (copy / NAME).rglob("*"):
        original = done_out / result.relative_to(copy)
        for stored in (done_out / ".store" / NAME).rglob(original.name):
            if stored.samefile(original):
                result.unlink()
                result.hardlink_to(copy / stored.relative_to(done_out))
    return copy


@dataclass(frozen=True)
class Answer:
    """The exit code of a command, and what it printed."""

    code: int
    out: str
    err: str


class Command(Protocol):
    """`kandian` with these arguments, in this process."""

    def __call__(self, *arguments: str | Path) -> Answer: ...


@pytest.fixture
def kandian_command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    """The command line from its entry point, with errors and exit codes."""
    handler = signal.getsignal(signal.SIGTERM)

    def command(*arguments: str | Path) -> Answer:
        monkeypatch.setattr(sys, "argv", ["kandian", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        return Answer(int(end.value.code or 0), *capsys.readouterr())

    yield command
    signal.signal(signal.SIGTERM, handler)


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """Chromium, headless. One a module: while it lives, its event loop is that of the thread, and others need one."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_FLAGS))
        yield browser
        browser.close()
