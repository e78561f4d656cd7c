"""The command that is told to run again does run the same session again."""

import shlex
from pathlib import Path

import pytest
from typer.main import get_command

from kandian.cli import app
from pipeline.inputs.find_sessions import find_sessions
from pipeline.inputs.retry_command import retry_command
from pipeline.inputs.session_source import KEYS, SessionSource, source_from_flags


def found_again(command: str) -> SessionSource:
    """The session that `command` names, read the way the command line reads it."""
    program, name, *arguments = shlex.split(command)
    assert (program, name) == ("kandian", "run")
    options = get_command(app).commands["run"].make_context("run", arguments).params  # type: ignore[attr-defined]
    (source,) = find_sessions(options["sessions"] or [], source_from_flags(options))
    return source


def session_values(source: SessionSource) -> tuple[object, ...]:
    paths = (source.recording, source.catalog, source.events, source.captions)
    return (source.id, *paths, source.language, source.started_at, source.title)


def test_a_folder_is_named_and_nothing_else(show: Path) -> None:
    (source,) = find_sessions([show])
    assert retry_command(source, ("--out", "out")) == shlex.join(["kandian", "run", str(show), "--out", "out"])


@pytest.mark.parametrize(
    "line",
    [
        '{"session": "双十一"}',
        '{"session": "双十一", "id": "另一个 id", "title": "它\'s \\"双十一\\""}',
        '{"session": "双十一", "catalog": "别的.json", "started_at": "2026-11-11T20:00:00+08:00", "language": "zh"}',
        '{"recording": "双十一/recording.flv", "catalog": "双十一/catalog.json"}',
        '{"recording": ["b.flv", "a b.flv"], "catalog": "c.json", "captions": "c.srt", "events": "e.jsonl", "id": "x"}',
    ],
)
def test_a_line_of_a_list_is_said_in_flags(line: str, show: Path) -> None:
    listed = show.parent / "清单.jsonl"
    listed.write_text(line + "\n", encoding="utf-8")
    (source,) = find_sessions([listed])
    assert source.problem is None
    assert session_values(found_again(retry_command(source, ("--out", "out")))) == session_values(source)


def test_a_session_json_need_not_be_said_again(show: Path) -> None:
    (show / "session.json").write_text('{"id": "x", "title": "双十一专场", "started_at": "2026-11-11T20:00:00+08:00"}')
    (source,) = find_sessions([show])
    assert retry_command(source, ()) == shlex.join(["kandian", "run", str(show)])


def test_of_a_line_that_cannot_be_read_the_list_is_named(tmp_path: Path) -> None:
    listed = tmp_path / "list.jsonl"
    listed.write_text('{"session": \n')
    (source,) = find_sessions([listed])
    assert source.problem is not None
    assert retry_command(source, ()) == f"kandian run {listed}"


def test_of_a_folder_that_is_not_there_the_folder_is_named(tmp_path: Path) -> None:
    (source,) = find_sessions([tmp_path / "没有这场"])
    assert retry_command(source, ()) == shlex.join(["kandian", "run", str(tmp_path / "没有这场")])


def test_every_key_of_a_session_that_has_a_flag_is_an_option_of_its_name() -> None:
    options = {option.name: option.opts for option in get_command(app).commands["run"].params}  # type: ignore[attr-defined]
    assert {name: options.get(name) for name, key in KEYS.items() if key.has_flag} == {
        name: [key.flag] for name, key in KEYS.items() if key.has_flag
    }
