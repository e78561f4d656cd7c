"""Sessions: found in folders, lists and flags."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.errors import InputError, UsageError
from pipeline.inputs.find_sessions import find_sessions
from pipeline.inputs.read_session import read_session
from pipeline.inputs.session_source import KEYS, SessionSource, source_from_flags

SHOWS = Path(__file__).parents[3] / "fixtures" / "shows"


def folder_of(home: Path, name: str, *files: str, **settings: object) -> Path:
    folder = home / name
    folder.mkdir()
    for file in files:
        (folder / file).write_bytes(b"x")
    if settings:
        (folder / "session.json").write_text(json.dumps(settings), encoding="utf-8")
    return folder


def list_of(home: Path, *lines: object) -> Path:
    file = home / "场次.jsonl"
    written = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    file.write_text("\n".join(written), encoding="utf-8")
    return file


def find_only(path: Path, flags: SessionSource | None = None) -> SessionSource:
    (source,) = find_sessions([path], flags or SessionSource())
    return source


def problem_of(source: SessionSource, home: Path) -> str:
    with pytest.raises(InputError) as refused:
        read_session(source)
    return str(refused.value).replace(f"{home}/", "")


def test_a_folder_with_a_chinese_name_is_a_session(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "周末专场 一", "recording.flv", "catalog.json", "events.jsonl", "captions.srt")
    source = find_only(folder)
    assert source.id == "周末专场 一"
    assert source.recording == (folder / "recording.flv",)
    assert (source.catalog, source.events) == (folder / "catalog.json", folder / "events.jsonl")
    assert (source.captions, source.warnings) == (folder / "captions.srt", ())


def test_numbered_files_are_one_recording_in_order_of_number(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "s", "recording-10.flv", "recording-9.flv", "recording-11.FLV")
    source = find_only(folder)
    assert [file.name for file in source.recording] == ["recording-9.flv", "recording-10.flv", "recording-11.FLV"]
    assert source.warnings == ("recording files are missing: number 000 to 008",)


def test_gaps_in_the_numbers_are_told(tmp_path: Path) -> None:
    names = [f"recording-{number:03}.flv" for number in (1, 2, 4, 9)]
    assert find_only(folder_of(tmp_path, "s", *names)).warnings == (
        "recording files are missing: number 003, 005 to 008",
    )


@pytest.mark.parametrize(
    "names",
    [("recording.flv", "recording.mp4"), ("recording-1.flv", "recording-01.ts"), ("recording.ts", "recording-0.ts")],
)
def test_two_recordings_without_an_order_are_refused(tmp_path: Path, names: tuple[str, str]) -> None:
    source = find_only(folder_of(tmp_path, "s", *names))
    assert problem_of(source, tmp_path) == (
        f"s: holds more than one recording: {', '.join(sorted(names))}; "
        'name them in order in session.json ("files") or by --recording'
    )


def test_other_files_are_no_recording(tmp_path: Path) -> None:
    source = find_only(
        folder_of(tmp_path, "s", "recording.flv", "recording.flv.part", "recording.xml", "recordings.mp4")
    )
    assert [file.name for file in source.recording] == ["recording.flv"]


def test_session_json_names_the_files_in_order_and_all_else(tmp_path: Path) -> None:
    settings = {"id": "双十一", "started_at": "2026-11-11T12:00:00Z", "language": "zh-CN", "title": "晚场"}
    folder = folder_of(tmp_path, "s", "b.flv", "a.flv", **settings, files=["b.flv", "a.flv"])
    source = find_only(folder)
    assert source.recording == (folder / "b.flv", folder / "a.flv")
    assert (source.id, source.language, source.title) == ("双十一", "zh", "晚场")
    assert source.started_at == datetime(2026, 11, 11, 12, tzinfo=UTC)


def test_control_characters_in_titles_are_taken_out_and_told(tmp_path: Path) -> None:
    source = find_only(folder_of(tmp_path, "s", title="晚\u202e场\n"))
    assert source.title == "晚场"
    assert source.warnings == ("session.json: control characters taken out of title",)


def test_session_json_tells_unknown_keys(tmp_path: Path) -> None:
    assert find_only(folder_of(tmp_path, "s", start_at="x")).warnings == (
        'session.json: unknown key "start_at" (did you mean "started_at"?)',
    )


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"started_at": "2026-11-11T20:00:00"},
            'started_at: "2026-11-11T20:00:00" has no time zone; write it as 2026-11-11T20:00:00+08:00',
        ),
        (
            {"language": "fr"},
            'language: "fr" is not a language that kandian understands; '
            "write zh or en, or leave it out to have it heard",
        ),
        (
            {"files": ["../x.flv"]},
            'files: "../x.flv" is not inside the folder; put it there, or name it by --recording',
        ),
        ({"files": ["/x.flv"]}, 'files: "/x.flv" is not inside the folder; put it there, or name it by --recording'),
        ({"files": []}, "files: the list is empty; name at least one file, or leave it out"),
        ({"files": [7]}, 'files: 7 is not a path; write "files": "a file\'s path"'),
        ({"id": ["x"]}, "id: a list is not text; write text in double quotes"),
    ],
)
def test_mistakes_in_session_json_are_told_when_the_session_is_read(
    tmp_path: Path, settings: dict[str, object], message: str
) -> None:
    source = find_only(folder_of(tmp_path, "s", "recording.flv", **settings))
    assert problem_of(source, tmp_path) == f"s/session.json: {message}"


def test_two_catalogues_in_a_folder_are_refused(tmp_path: Path) -> None:
    source = find_only(folder_of(tmp_path, "s", "recording.flv", "catalog.json", "catalog.csv"))
    assert (
        problem_of(source, tmp_path) == "s: holds catalog.json and catalog.csv; keep one of them, or name one by a flag"
    )


def test_a_link_that_leads_nowhere_is_not_passed_over(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "s", "recording.flv")
    (folder / "events.jsonl").symlink_to("gone.jsonl")
    assert find_only(folder).events == folder / "events.jsonl"


@pytest.mark.parametrize("name", ["recording.flv", "catalog.json", "events.jsonl", "captions.srt", "session.json"])
def test_a_link_that_leads_out_of_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    folder = folder_of(tmp_path, "s")
    (tmp_path / "secret").write_text("{}")
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(tmp_path / "secret")
    message = problem_of(find_only(folder), tmp_path)
    assert message == f"s/{name}: is a link to a file outside the session's folder; copy it, or name it by a flag"


def test_a_link_within_the_folder_is_followed(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "s", "show.flv")
    (folder / "recording.flv").symlink_to("show.flv")
    assert find_only(folder).recording == (folder / "recording.flv",)


def test_flags_go_before_the_folder_and_make_it_clear(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "s", "recording.flv", "catalog.json", "catalog.csv", id="a", language="zh")
    flags = SessionSource(
        session_id="b", language="en", recording=(tmp_path / "x.flv",), catalog=folder / "catalog.csv"
    )
    source = find_only(folder, flags)
    assert (source.id, source.language, source.catalog) == ("b", "en", folder / "catalog.csv")
    assert source.recording == (tmp_path / "x.flv",)


def test_flags_alone_make_a_session_named_by_its_recording(tmp_path: Path) -> None:
    (source,) = find_sessions([], SessionSource(recording=(tmp_path / "晚场.flv",), catalog=tmp_path / "货盘.csv"))
    assert (source.id, source.catalog) == ("晚场", tmp_path / "货盘.csv")


def test_flags_with_several_sessions_are_a_mistake(tmp_path: Path) -> None:
    places = [folder_of(tmp_path, name) for name in "ab"]
    with pytest.raises(UsageError, match="flags name the files of one session, but 2 are given"):
        find_sessions(places, SessionSource(session_id="x"))


def test_no_session_is_a_mistake() -> None:
    with pytest.raises(UsageError, match="no session is given; name a session folder, a list, or --recording"):
        find_sessions([])


def test_a_flag_with_a_wrong_value_is_a_mistake() -> None:
    with pytest.raises(UsageError, match=r'^--started-at: "now" is not a time in ISO 8601; write it as 2026-11-11T20'):
        source_from_flags({name: "now" if name == "started_at" else None for name in KEYS})


def test_a_list_names_folders_and_files_beside_itself(tmp_path: Path) -> None:
    folder_of(tmp_path, "a", "recording.flv", "catalog.json")
    folder_of(tmp_path, "b", "recording-0.ts", "x.csv")
    lines = [
        {"session": "a", "id": "甲"},
        {"recording": ["b/recording-0.ts"], "catalog": "b/x.csv", "language": "en", "strat": 1},
        {"recording": "夜场.mp4", "started_at": "2026-11-11T20:00:00+08:00"},
    ]
    first, second, third = find_sessions([list_of(tmp_path, *lines)])
    assert (first.id, first.catalog) == ("甲", tmp_path / "a" / "catalog.json")
    assert (second.id, second.language, second.catalog) == ("b", "en", tmp_path / "b" / "x.csv")
    assert second.recording == (tmp_path / "b" / "recording-0.ts",)
    assert second.warnings == ('unknown key "strat"',)
    assert (third.id, third.started_at) == ("夜场", datetime(2026, 11, 11, 12, tzinfo=UTC))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "场次.jsonl: line 2, column 2: is not JSON (expecting property name enclosed in double quotes); mend it"),
        ("[]", "场次.jsonl: line 2: is not a JSON object but a list; "),
        ('{"id": "x"}', '场次.jsonl: line 2: names neither a session nor a recording; write {"session": "folder"}'),
        ('{"session": 7}', "场次.jsonl: line 2: session: 7 is not a path; "),
        ('{"session": "a", "language": "fr"}', '场次.jsonl: line 2: language: "fr" is not a language that '),
        ('{"session": "\\u0000"}', "场次.jsonl: line 2: session: "),
        ('{"session": "gone"}', "gone: is not a folder; check the session's path"),
        ('{"session": "' + "x" * 5000 + '"}', "is not a folder; check the session's path"),
    ],
)
def test_a_broken_line_stops_no_other_session(tmp_path: Path, line: str, message: str) -> None:
    folder_of(tmp_path, "a", "recording.flv")
    folder_of(tmp_path, "b", "recording.flv")
    first, broken, last = find_sessions([list_of(tmp_path, {"session": "a"}, line, {"session": "b"})])
    assert (first.id, last.id) == ("a", "b")
    assert message in problem_of(broken, tmp_path)


def test_a_list_that_is_not_utf_8_keeps_the_sessions_above_the_place(tmp_path: Path) -> None:
    folder_of(tmp_path, "a", "recording.flv")
    file = tmp_path / "list.jsonl"
    file.write_bytes(b'{"session": "a"}\n{"session": "\xff"}\n')
    good, broken = find_sessions([file])
    assert good.id == "a"
    assert problem_of(broken, tmp_path).startswith("list.jsonl: line 2: is not UTF-8 (byte 30 is 0xFF)")


def test_an_empty_list_is_refused(tmp_path: Path) -> None:
    source = find_only(list_of(tmp_path, "", ""))
    assert (
        problem_of(source, tmp_path) == '场次.jsonl: names no session; write {"session": "folder"} on a line for each'
    )


def test_a_missing_place_stops_no_other(tmp_path: Path) -> None:
    good, missing = find_sessions([folder_of(tmp_path, "a", "recording.flv"), tmp_path / "b"])
    assert good.problem is None
    assert problem_of(missing, tmp_path) == "b: is not there; check its name and place"


def test_a_bare_recording_is_told_from_a_list(tmp_path: Path) -> None:
    file = tmp_path / "show.mp4"
    file.write_bytes(b"x")
    assert problem_of(find_only(file), tmp_path) == (
        "show.mp4: is neither a session folder nor a list; name a recording by --recording"
    )


def test_two_sessions_with_one_id_are_refused_by_both_names(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    first = folder_of(tmp_path, "a", "recording.flv")
    second = folder_of(tmp_path / "x", "b", "recording.flv", id="a")
    with pytest.raises(UsageError) as refused:
        find_sessions([first, second])
    assert str(refused.value) == (
        f'{second}: has the session id "a", as {first} has; give one of them another id in session.json or in the list'
    )


def test_a_relative_folder_is_named_as_it_is_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder_of(tmp_path, "晚场", "recording.flv"))
    assert find_only(Path()).id == "晚场"


def test_a_session_is_read_whole() -> None:
    inputs = read_session(find_only(SHOWS / "zh-mini"))
    assert (inputs.session.id, inputs.session.title) == ("zh-mini", "周末清仓小专场")
    assert inputs.language.code == "zh"
    assert inputs.recording == (SHOWS / "zh-mini" / "recording.flv",)
    assert (len(inputs.catalog), len(inputs.events.events)) == (6, 111)
    assert (inputs.captions, inputs.warnings) == (None, ())


@pytest.mark.parametrize(
    ("session", "catalog", "script"),
    [("zh-TW", "zh", "Hant-TW"), ("zh", "zh-HK", "Hant-HK"), ("zh-CN", "zh-TW", "Hans"), (None, "zh", "Hans")],
)
def test_the_session_says_the_script_before_the_catalogue_does(
    tmp_path: Path, session: str | None, catalog: str, script: str
) -> None:
    folder = folder_of(tmp_path, "s", "recording.flv", language=session)
    written = {"language": catalog, "products": [{"product_id": "1", "title": "毛巾"}]}
    (folder / "catalog.json").write_text(json.dumps(written), encoding="utf-8")
    inputs = read_session(find_only(folder))
    assert (inputs.session.writing_system, inputs.language.code) == (script, "zh")


def test_files_of_different_shows_are_told(tmp_path: Path) -> None:
    captions = tmp_path / "captions.json"
    captions.write_text('{"language": "en", "sentences": [{"start": 0, "end": 1, "text": "hi"}]}', encoding="utf-8")
    inputs = read_session(replace(find_only(SHOWS / "zh-mini"), session_id="双十一", captions=captions))
    assert inputs.warnings == (
        'the catalogue is that of stream "zh-mini", but the session is "双十一"',
        "the captions are in en, but the session is in zh",
    )
    assert inputs.captions is not None
    assert inputs.captions.captions[0].text == "hi"


def test_a_show_without_events_has_an_empty_log() -> None:
    inputs = read_session(replace(find_only(SHOWS / "en-mini"), events=None))
    assert inputs.events.events == ()


def test_a_language_that_nothing_names_is_left_to_speech_recognition(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "s", "recording.flv")
    (folder / "catalog.csv").write_text("product_id,title\n1,a\n", encoding="utf-8")
    assert read_session(find_only(folder)).language.code is None


def test_a_folder_without_a_recording_is_refused(tmp_path: Path) -> None:
    source = find_only(folder_of(tmp_path, "s", "catalog.json"))
    assert problem_of(source, tmp_path) == (
        "s: has no recording; put recording.flv (.mp4, .ts, .mkv ...) or recording-000.flv ... there, "
        "or name it by --recording"
    )


def test_a_folder_of_session_folders_is_told_from_one() -> None:
    assert "has no recording, but 2 of the folders in it have one; " in problem_of(find_only(SHOWS), SHOWS)


@pytest.mark.parametrize(
    ("content", "what"),
    [(None, "is not there; check its name and place"), (b"", "is empty (0 bytes); copy the recording again")],
)
def test_recordings_missing_or_empty_are_refused(tmp_path: Path, content: bytes | None, what: str) -> None:
    folder = folder_of(tmp_path, "s", "catalog.json", files=["a.flv"])
    if content is not None:
        (folder / "a.flv").write_bytes(content)
    assert problem_of(find_only(folder), tmp_path) == f"s/a.flv: {what}"


def test_a_name_too_long_for_a_file_is_refused(tmp_path: Path) -> None:
    source = find_only(list_of(tmp_path, {"recording": "长" * 200 + ".flv", "id": "s"}))
    assert problem_of(source, tmp_path).endswith(": cannot be read (File name too long); check its name and place")


def test_a_session_without_a_catalogue_is_refused(tmp_path: Path) -> None:
    assert problem_of(find_only(folder_of(tmp_path, "s", "recording.flv")), tmp_path) == (
        "s: has no catalogue; put catalog.json or catalog.csv there, or name it by --catalog"
    )


def test_an_id_that_names_no_folder_is_refused(tmp_path: Path) -> None:
    source = find_only(folder_of(tmp_path, "s", "recording.flv", "catalog.json", id="../a"))
    message = problem_of(source, tmp_path)
    assert message.startswith("s: a session id ")
    assert message.endswith("; give it an id in session.json or by --id")
