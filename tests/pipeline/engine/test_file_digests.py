"""Digests of recordings: of the bytes, remembered, and never wrong."""

import hashlib
import os
from pathlib import Path

import pytest

from domain.errors import MediaError
from pipeline.engine.file_digests import DIGEST_CACHE_FOLDER, load_recording


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "录播 1.flv"
    path.write_bytes(b"FLV" * 1000)
    return path


def notes(store: Path) -> list[Path]:
    return list((store / DIGEST_CACHE_FOLDER).iterdir())


def forge(store: Path) -> None:
    """Make the memory lie, to see whether it is asked."""
    for note in notes(store):
        note.write_text(note.read_text().replace(hashlib.sha256(b"FLV" * 1000).hexdigest(), "f" * 64))


def test_a_digest_is_the_sha256_of_the_bytes(file: Path, tmp_path: Path) -> None:
    (recorded,) = load_recording([file], tmp_path / "store").files
    assert (recorded.digest, recorded.size_bytes) == (hashlib.sha256(file.read_bytes()).hexdigest(), 3000)


def test_paths_are_absolute_so_that_workers_find_them(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(file.parent)
    (recorded,) = load_recording([Path(file.name)], Path("store")).files
    assert recorded.path == file


def test_files_keep_the_order_in_which_they_are_given(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "0.flv"
    other.write_bytes(b"x")
    recording = load_recording([file, other], tmp_path / "store")
    assert [each.path for each in recording.files] == [file, other]
    assert recording.content_digest() != load_recording([other, file], tmp_path / "store").content_digest()


def test_a_digest_is_read_once(file: Path, tmp_path: Path) -> None:
    load_recording([file], tmp_path / "store")
    forge(tmp_path / "store")
    assert load_recording([file], tmp_path / "store").files[0].digest == "f" * 64


def test_a_file_that_changed_is_read_again(file: Path, tmp_path: Path) -> None:
    load_recording([file], tmp_path / "store")
    forge(tmp_path / "store")
    file.write_bytes(b"VLF" * 1000)  # as long as before
    os.utime(file, ns=(1, 1))
    assert load_recording([file], tmp_path / "store").files[0].digest == hashlib.sha256(b"VLF" * 1000).hexdigest()


def test_a_file_put_in_the_place_of_another_is_read_again(file: Path, tmp_path: Path) -> None:
    load_recording([file], tmp_path / "store")
    forge(tmp_path / "store")
    status = file.stat()
    other = tmp_path / "other"
    other.write_bytes(b"LFV" * 1000)
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    other.replace(file)
    assert load_recording([file], tmp_path / "store").files[0].digest == hashlib.sha256(b"LFV" * 1000).hexdigest()


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"mark": 3}'])
def test_a_damaged_cache_entry_costs_reading_and_is_replaced(text: str, file: Path, tmp_path: Path) -> None:
    right = load_recording([file], tmp_path / "store")
    (note,) = notes(tmp_path / "store")
    whole = note.read_text()
    note.write_text(text)
    assert load_recording([file], tmp_path / "store") == right
    assert note.read_text() == whole


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "空.flv").touch()
    with pytest.raises(MediaError, match=r"空.flv: is empty \(0 bytes\)"):
        load_recording([tmp_path / "空.flv"], tmp_path / "store")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match=r"没有.flv: cannot be read \(No such file or directory\)"):
        load_recording([tmp_path / "没有.flv"], tmp_path / "store")


def test_a_store_that_cannot_be_written_is_not_the_recordings_fault(file: Path, tmp_path: Path) -> None:
    (tmp_path / "store").write_text("a file where the folder is to be")
    with pytest.raises(NotADirectoryError):
        load_recording([file], tmp_path / "store")


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "recording.flv")
    with pytest.raises(MediaError, match="is not a file"):
        load_recording([tmp_path / "recording.flv"], tmp_path / "store")


def test_a_file_that_never_ends_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "recording.flv"
    file.write_bytes(bytes(100))
    monkeypatch.setattr("pipeline.engine.file_digests.BLOCK_BYTES", 10)
    digest = hashlib.sha256

    class Writer:
        """A program that writes as fast as we read."""

        def update(self, block: bytes) -> None:
            with file.open("ab") as stream:
                stream.write(block * 2)

    monkeypatch.setattr(
        "pipeline.engine.file_digests.hashlib.sha256", lambda *given: digest(*given) if given else Writer()
    )
    with pytest.raises(MediaError, match="changes while it is read; wait until it is whole"):
        load_recording([file], tmp_path / "store")
