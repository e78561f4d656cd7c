"""Whole or not at all."""

import errno
import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

from pipeline.engine.atomic_files import link_or_copy, partial_folder, rename_unless_there, write_whole


def full_disk(*_: object) -> NoReturn:
    raise OSError(errno.ENOSPC, "No space left on device")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_written_with_the_folders_above_it_and_replaced(tmp_path: Path) -> None:
    for content in (b"1", b"22"):
        write_whole(tmp_path / "a" / "b.json", content)
        assert (tmp_path / "a" / "b.json").read_bytes() == content
    assert names(tmp_path / "a") == ["b.json"]


def test_a_file_that_cannot_be_written_leaves_the_old_one_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_whole(tmp_path / "b.json", b"old")
    monkeypatch.setattr(Path, "write_bytes", full_disk)
    with pytest.raises(OSError, match="No space"):
        write_whole(tmp_path / "b.json", b"new")
    assert names(tmp_path) == ["b.json"]
    assert (tmp_path / "b.json").read_bytes() == b"old"


def test_a_file_is_linked_in_place_of_another(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "sub" / "target"
    source.write_bytes(b"1")
    write_whole(target, b"other")
    link_or_copy(source, target)
    assert target.samefile(source)


def test_where_the_file_system_cannot_link_a_copy_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(b"1")
    monkeypatch.setattr(os, "link", full_disk)
    link_or_copy(source, target)
    assert not target.samefile(source)
    assert target.read_bytes() == b"1"
    monkeypatch.setattr(shutil, "copy2", full_disk)
    with pytest.raises(OSError, match="No space"):
        link_or_copy(source, tmp_path / "third")
    assert names(tmp_path) == ["source", "target"]


def test_a_folder_that_is_not_finished_is_removed(tmp_path: Path) -> None:
    with partial_folder(tmp_path) as partial:
        (partial / "a").write_bytes(b"1")
    assert names(tmp_path) == []


def test_of_two_writers_of_one_folder_the_first_counts(tmp_path: Path) -> None:
    for content in (b"first", b"second"):
        with partial_folder(tmp_path) as partial:
            (partial / "a").write_bytes(content)
            rename_unless_there(partial, tmp_path / "folder")
    assert names(tmp_path) == ["folder"]
    assert (tmp_path / "folder" / "a").read_bytes() == b"first"


def test_a_folder_that_cannot_be_renamed_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "taken").write_bytes(b"a file")
    with pytest.raises(OSError, match="taken"), partial_folder(tmp_path) as partial:
        rename_unless_there(partial, tmp_path / "taken")
