"""Recordings that are hostile, or that chance has damaged: each has a clear verdict, and none does harm."""

import ctypes
import os
import socket
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from domain.errors import InputError, KandianError, MediaError
from fixtures.hostile.examine import Examination, examine_sandboxed
from fixtures.hostile.kinds import HOSTILE, Hostile, Prey
from fixtures.hostile.mutations import SOURCES, Mutation, Source, content_of, mutations

pytestmark = pytest.mark.media

QUICK = {"hls as mp4", "mov with its samples in an alias", "ten thousand tracks", "pictures that claim to be huge"}
QUICK_SOURCES = [str(source) for source in SOURCES[:4]]
SEEDS = 3
MAX_MEMORY_MB = 500.0  # of one small file, all stages
IN_OPEN = 0x20  # linux/inotify.h
OUR_FAULT = ("makes the reader of media crash", "makes ffmpeg crash", "takes more than")


@dataclass(frozen=True)
class Trap:
    """Prey that records whether it was opened or called."""

    prey: Prey
    opened: int
    called: socket.socket

    def is_untouched(self) -> bool:
        with suppress(BlockingIOError):
            return not os.read(self.opened, 4096)
        with suppress(BlockingIOError):
            self.called.accept()[0].close()
            return False
        return True


@pytest.fixture
def trap(tmp_path: Path) -> Iterator[Trap]:
    file = tmp_path / "outside" / "secret.ts"
    file.parent.mkdir()
    file.write_bytes(content_of(Source(".ts")))
    libc = ctypes.CDLL(None, use_errno=True)
    watch = libc.inotify_init1(os.O_NONBLOCK)
    assert libc.inotify_add_watch(watch, os.fsencode(file), IN_OPEN) >= 0
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        server.setblocking(False)
        host, port = server.getsockname()
        yield Trap(Prey(file, f"http://{host}:{port}/x.ts"), watch, server)
    os.close(watch)


def marked(cases: Iterable[Hostile]) -> list[object]:
    """Cases of a test, all but the quick ones marked slow."""
    return [pytest.param(each, marks=() if str(each) in QUICK else pytest.mark.slow, id=str(each)) for each in cases]


def test_the_trap_snaps(trap: Trap) -> None:
    assert trap.is_untouched()
    trap.prey.file.read_bytes()
    assert not trap.is_untouched()
    assert trap.is_untouched()
    with socket.create_connection(trap.called.getsockname()):
        assert not trap.is_untouched()


def test_the_quick_kinds_are_in_the_table() -> None:
    assert set(map(str, HOSTILE)) >= QUICK


@pytest.mark.parametrize("hostile", marked(HOSTILE))
def test_a_hostile_recording_is_refused_or_bounded_and_reaches_nothing(
    hostile: Hostile, trap: Trap, tmp_path: Path
) -> None:
    into, scratch = tmp_path / "session", tmp_path / "scratch"
    into.mkdir()
    scratch.mkdir()
    file = hostile.make(into, trap.prey)
    assert trap.is_untouched()

    if hostile.refusal:
        with pytest.raises(MediaError, match=hostile.refusal) as caught:
            examine_sandboxed(file, scratch)
        assert str(caught.value).startswith(str(file))
        assert not any(blame in str(caught.value) for blame in OUR_FAULT)
    else:
        done = examine_sandboxed(file, scratch)
        examination: Examination = done.value
        assert 0.5 < examination.timeline.duration < 3
        assert done.peak_memory_mb < MAX_MEMORY_MB
    assert trap.is_untouched()


def verdict(mutation: Mutation, into: Path) -> str:
    """What is wrong with how kandian takes the mutation; "" for a whole result, and for a refusal that is clear."""
    into.mkdir()
    file = mutation.write(into)
    try:
        done = examine_sandboxed(file, into)
    except InputError as refused:
        return str(refused) if any(blame in str(refused) for blame in OUR_FAULT) else ""
    except KandianError as error:
        return f"{type(error).__name__}: {error}"
    return "" if done.peak_memory_mb < MAX_MEMORY_MB else f"took {done.peak_memory_mb:.0f} MB"


def verdicts(cases: Iterable[Mutation], folder: Path) -> dict[str, str]:
    """What is wrong, by mutation."""
    problems = {str(each): verdict(each, folder / f"{number:03}") for number, each in enumerate(cases)}
    return {name: problem for name, problem in problems.items() if problem}


def test_there_are_at_least_three_hundred_mutations() -> None:
    assert len({str(mutation) for mutation in mutations(SEEDS)}) >= 300


def test_a_mutation_is_the_same_every_time(tmp_path: Path) -> None:
    mutation = Mutation(SOURCES[0], "rotten", 1)
    assert mutation.write(tmp_path).read_bytes() == mutation.write(tmp_path).read_bytes()


@pytest.mark.parametrize("source", QUICK_SOURCES)
def test_some_damaged_recordings_have_a_clear_verdict(source: str, tmp_path: Path) -> None:
    assert verdicts((each for each in mutations(1) if str(each.source) == source), tmp_path) == {}


@pytest.mark.slow
@pytest.mark.parametrize("source", SOURCES, ids=str)
def test_every_damaged_recording_has_a_clear_verdict(source: Source, tmp_path: Path) -> None:
    assert verdicts((each for each in mutations(SEEDS) if each.source == source), tmp_path) == {}
