"""The store: an artefact is there whole or not at all, whoever makes it and whatever kills them."""

import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from domain.errors import ToolError
from domain.session import Recording, RecordingFile
from fixtures.toy_flow import Counted, Heard, Shelf, Sounds, Words
from pipeline.engine.serialization import VALUE_FILE, write_artefact
from pipeline.engine.stale_work import is_owner_alive, list_workspaces
from pipeline.engine.store import RECEIPT_FILE, WORK_FOLDER, ArtefactRef, Receipt, Store, content_digest, folder_digest

ROOT = Path(__file__).parents[3]
REF = ArtefactRef("双十一", Heard, "0123456789ab")


def make(store: Store, text: str, ref: ArtefactRef = REF) -> None:
    with store.workspace(ref) as space:
        write_artefact(Heard(text), space.scratch)
        digest = content_digest(Heard, space.scratch)
        store.commit(ref, space, Receipt("hear", 3, digest, settings={"is_loud": False}))


def fail_half_way(store: Store) -> None:
    with store.workspace(REF) as space:
        (space.scratch / "half.mp4").write_bytes(b"x")
        (space.scratch / "not there").read_bytes()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def test_what_is_committed_is_there_and_reads_back(store: Store) -> None:
    assert not store.has(REF)
    make(store, "毛巾 牙刷")
    assert store.has(REF)
    assert store.load(REF) == Heard("毛巾 牙刷")
    assert (store.receipt(REF).stage, store.receipt(REF).version) == ("hear", 3)


def test_an_artefact_lies_at_session_kind_and_key(store: Store) -> None:
    make(store, "毛巾")
    assert store.folder(REF) == store.root / "双十一" / "Heard" / "0123456789ab"
    assert {file.name for file in store.folder(REF).iterdir()} == {VALUE_FILE, RECEIPT_FILE}


def test_work_under_way_is_no_artefact(store: Store) -> None:
    with store.workspace(REF) as space:
        write_artefact(Heard("毛巾"), space.scratch)
        assert not store.has(REF)
    assert not store.has(REF)


def test_a_workspace_leaves_nothing_behind_when_its_work_fails(store: Store) -> None:
    with pytest.raises(FileNotFoundError):
        fail_half_way(store)
    assert list((store.root / "双十一" / WORK_FOLDER).iterdir()) == []
    assert not store.has(REF)


def test_work_of_a_killed_process_is_no_artefact_and_is_known_to_be_dead(store: Store) -> None:
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom pipeline.engine.store import ArtefactRef, Store\n"
        "from fixtures.toy_flow import Heard\n"
        "store = Store(Path(sys.argv[1]))\n"
        f"with store.workspace(ArtefactRef({REF.session_id!r}, Heard, {REF.key!r})) as space:\n"
        "    (space.scratch / 'value.json').write_text('{\"text\": \"half')\n"
        "    print('made', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    worker = subprocess.Popen(
        [sys.executable, "-c", code, str(store.root)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"made\n"
        (partial,) = list_workspaces(store.root / REF.session_id)
        was_alive = is_owner_alive(partial)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert (was_alive, is_owner_alive(partial), store.has(REF)) == (True, False, False)
    make(store, "毛巾")
    assert store.load(REF) == Heard("毛巾")


def test_of_two_that_commit_the_same_key_the_first_stays_whole(store: Store) -> None:
    with store.workspace(REF) as first, store.workspace(REF) as second:
        for space, text in ((first, "first"), (second, "second")):
            write_artefact(Heard(text), space.scratch)
            store.commit(REF, space, Receipt("hear", 1, text))
    assert (store.load(REF), store.digest(REF)) == (Heard("first"), "first")


def test_many_threads_that_commit_at_once_leave_one_whole_artefact(store: Store) -> None:
    start, problems = threading.Barrier(8), list[Exception]()

    def work(number: int) -> None:
        try:
            start.wait()
            make(store, f"text {number}")
        except Exception as error:  # noqa: BLE001 - the runner is where one bad show ends
            problems.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert store.digest(REF) == folder_digest(store.folder(REF))
    assert list((store.root / "双十一" / WORK_FOLDER).iterdir()) == []


def test_a_commit_that_cannot_be_placed_is_an_error(store: Store) -> None:
    store.folder(REF).parent.mkdir(parents=True)
    store.folder(REF).touch()  # a file where the folder is to be
    with pytest.raises(OSError, match="Not a directory"):
        make(store, "毛巾")


def test_files_of_artefacts_are_read_only(store: Store) -> None:
    make(store, "毛巾")
    modes = {file.stat().st_mode & 0o222 for file in store.folder(REF).iterdir()}
    assert modes == {0}


def test_the_digest_looks_at_names_and_bytes_but_not_at_the_receipt(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "片段.bin").write_bytes(b"1")
    before = folder_digest(folder)
    (folder / RECEIPT_FILE).write_text("{}")
    assert folder_digest(folder) == before
    (folder / "deep" / "片段.bin").write_bytes(b"2")
    assert folder_digest(folder) != before
    (folder / "deep" / "片段.bin").write_bytes(b"1")
    (folder / "deep" / "片段.bin").rename(folder / "片段.bin")
    assert folder_digest(folder) != before


def test_bytes_cannot_wander_from_one_file_to_the_next(tmp_path: Path) -> None:
    digests = []
    for one, two in ((b"ab", b"c"), (b"a", b"bc")):
        folder = tmp_path / one.decode()
        folder.mkdir()
        (folder / "1").write_bytes(one)
        (folder / "2").write_bytes(two)
        digests.append(folder_digest(folder))
    assert digests[0] != digests[1]


@pytest.mark.parametrize("left", [None, "", "{"])
def test_a_lost_or_damaged_receipt_costs_the_history_and_not_the_artefact(left: str | None, store: Store) -> None:
    make(store, "毛巾")
    digest = store.digest(REF)
    (store.folder(REF) / RECEIPT_FILE).unlink()
    if left is not None:
        (store.folder(REF) / RECEIPT_FILE).write_text(left)
    assert (store.digest(REF), store.receipt(REF).stage) == (digest, "unknown")
    assert store.load(REF) == Heard("毛巾")


@pytest.mark.parametrize("left", [None, "", "{", '{"sentences": []}'])
def test_a_damaged_artefact_is_an_error_that_says_what_to_remove(left: str | None, store: Store) -> None:
    make(store, "毛巾")
    value = store.folder(REF) / VALUE_FILE
    value.unlink()
    if left is not None:
        value.write_text(left)
    with pytest.raises(
        ToolError, match=r"is damaged .*; remove this folder, then run the same command again"
    ) as raised:
        store.load(REF)
    assert raised.value.where == str(store.folder(REF))


def test_a_damaged_array_is_an_error_too(store: Store) -> None:
    ref = store.put("双十一", Counted(("毛巾",), np.array([2.0])))
    array = store.folder(ref) / "counts.npy"
    array.unlink()
    array.touch()
    with pytest.raises(ToolError, match="is damaged"):
        store.load(ref)


def test_equal_inputs_share_one_folder(store: Store) -> None:
    assert store.put("场次", Words(("毛巾",))) == store.put("场次", Words(("毛巾",)))
    assert store.put("场次", Words(("牙刷",))) != store.put("场次", Words(("毛巾",)))
    assert len(list((store.root / "场次" / "Words").iterdir())) == 2


def test_inputs_of_two_sessions_are_kept_separately(store: Store) -> None:
    one, other = store.put("一", Shelf(("毛巾",))), store.put("二", Shelf(("毛巾",)))
    assert (one.key, store.digest(one)) == (other.key, store.digest(other))
    assert store.folder(one) != store.folder(other)


def test_a_recording_that_moved_is_another_input_with_the_same_content(store: Store) -> None:
    here = Recording((RecordingFile(Path("/old/录播.flv"), "ab" * 32, 10),))
    there = Recording((replace(here.files[0], path=Path("/new/录播.flv")),))
    one, other = store.put("s", here), store.put("s", there)
    assert one != other
    assert store.digest(one) == store.digest(other)
    assert store.load(other) == there


def test_progress_is_what_the_worker_reported_last(store: Store) -> None:
    assert store.progress_of(REF) is None
    with store.workspace(REF) as space:
        assert store.progress_of(REF) is None
        space.report_progress(0.25)
        space.report_progress(0.5)
        assert store.progress_of(REF) == 0.5
        assert store.progress_of(replace(REF, key="0123456789ac")) is None
    assert store.progress_of(REF) is None


def test_what_a_killed_run_reported_does_not_hide_what_is_reported_now(store: Store) -> None:
    dead = store.root / REF.session_id / WORK_FOLDER / f"Heard-{REF.key}-host-1-00000000"
    dead.mkdir(parents=True)
    (dead / "progress").write_text("0.9000")
    os.utime(dead / "progress", (1, 1))
    with store.workspace(REF) as space:
        space.report_progress(0.1)
        assert store.progress_of(REF) == 0.1


def test_progress_that_is_just_being_written_is_not_reported(store: Store) -> None:
    with store.workspace(REF) as space:
        (space.root / "progress").write_text("")
        assert store.progress_of(REF) is None


def test_a_ref_reads_as_the_place_it_names() -> None:
    assert str(ArtefactRef("双十一", Sounds, "ab")) == "双十一/Sounds/ab"
