"""events.jsonl: evidence is kept, even when it is odd; what cannot be placed in time is refused."""

import json
import os
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from domain.errors import EventsError
from domain.evidence import HostEvent
from fixtures.call_count import count_calls
from pipeline.inputs.events import EventsFile, read_events

FIXTURES = Path(__file__).parents[3] / "fixtures" / "shows"
STARTED_AT = datetime(2026, 11, 11, 20, tzinfo=timezone(timedelta(hours=8)))


def read(tmp_path: Path, *lines: str, started_at: datetime | None = None) -> EventsFile:
    file = tmp_path / "events.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    return read_events(file, ("730011", "730012"), started_at)


def refusal(tmp_path: Path, *lines: str) -> str:
    with pytest.raises(EventsError) as refused:
        read(tmp_path, *lines)
    return str(refused.value).replace(f"{tmp_path}/", "")


def test_a_log_is_read_whole_and_quietly() -> None:
    ids = {"730011", "730012", "730013", "730014", "730015", "730016"}
    file = read_events(FIXTURES / "zh-mini" / "events.jsonl", ids, None)
    assert len(file.log.events) == 111
    assert file.log.events[0] == HostEvent("product_click", 6.28, product_id="730016")
    assert file.warnings == ()


def test_events_are_sorted_by_time_and_those_before_the_recording_are_kept(tmp_path: Path) -> None:
    file = read(
        tmp_path, '{"t": 9, "type": "order"}', '{"t": -3.5, "type": "comment"}', "", '{"t": 1, "type": "coupon"}'
    )
    assert [event.recording_time for event in file.log.events] == [-3.5, 1.0, 9.0]


def test_wall_clock_events_take_their_place_among_the_others(tmp_path: Path) -> None:
    lines = ('{"t": 60, "type": "order"}', '{"at": "2026-11-11T12:00:30Z", "type": "comment", "text": "多少钱"}')
    file = read(tmp_path, *lines, started_at=STARTED_AT)
    assert file.log.events[0] == HostEvent("comment", at=datetime(2026, 11, 11, 12, 0, 30, tzinfo=UTC), text="多少钱")
    assert file.warnings == ()


def test_wall_clock_events_without_a_start_are_set_aside_and_told(tmp_path: Path) -> None:
    wall_clock = '{"at": "2026-11-11T20:00:30+08:00", "type": "comment"}'
    file = read(tmp_path, wall_clock, '{"t": 1, "type": "order"}', wall_clock)
    assert [event.type for event in file.log.events] == ["order"]
    assert file.warnings == (
        "events.jsonl: 2 events have only a wall clock time (at) and are set aside; give the session started_at",
    )


def test_of_two_clocks_the_recordings_own_counts(tmp_path: Path) -> None:
    file = read(tmp_path, '{"t": 5, "at": "2026-11-11T20:00:30+08:00", "type": "order"}')
    assert file.log.events == (HostEvent("order", 5.0),)


def test_unknown_types_are_kept_and_told_with_examples(tmp_path: Path) -> None:
    types = ["like"] * 3 + ["product_pushed", "礼物", "follow", "order"]
    file = read(tmp_path, *[json.dumps({"t": 1, "type": kind}) for kind in types])
    assert len(file.log.events) == 7
    assert file.warnings == (
        'events.jsonl: 6 events of 4 unknown types are kept: "like" 3, '
        '"product_pushed" 1 (did you mean "product_push"?), "礼物" 1, ...',
    )


def test_unknown_products_are_kept_and_told(tmp_path: Path) -> None:
    ids = ["999", "730011", "999", "998"]
    file = read(tmp_path, *[json.dumps({"t": 1, "type": "order", "product_id": each}) for each in ids])
    assert [event.product_id for event in file.log.events] == ids
    assert file.warnings == (
        'events.jsonl: 3 events name 2 products that the catalogue does not hold and are kept: "999" 2, "998" 1',
    )


def test_ids_written_as_numbers_are_taken_as_text(tmp_path: Path) -> None:
    file = read(tmp_path, '{"t": 1, "type": "order", "product_id": 730011, "user": 42}')
    assert file.log.events == (HostEvent("order", 1.0, product_id="730011", user="42"),)
    assert file.warnings == ()


def test_unknown_keys_are_told_once_with_the_nearest_known_name(tmp_path: Path) -> None:
    line = '{"t": 1, "type": "order", "prodct_id": "730011"}'
    assert read(tmp_path, line, line).warnings == (
        'events.jsonl: unknown key "prodct_id" in 2 events (did you mean "product_id"?)',
    )


def test_control_characters_in_comments_are_taken_out_and_told(tmp_path: Path) -> None:
    file = read(tmp_path, r'{"t": 1, "type": "comment", "text": "好\u001b[2J看\ud800", "user": "\u202e小鱼"}')
    assert (file.log.events[0].text, file.log.events[0].user) == ("好[2J看", "小鱼")
    assert file.warnings == (
        "events.jsonl: control characters taken out of text in 1 event",
        "events.jsonl: control characters taken out of user in 1 event",
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{t: 1}", "line 2, column 2: is not JSON (expecting property name enclosed in double quotes); mend it there"),
        ("[1]", 'line 2: is not a JSON object but a list; write {"key": value, ...}'),
        ('{"type": "order"}', 'line 2: has neither t nor at; write "t": seconds since the recording began'),
        ('{"t": NaN, "type": "order"}', "line 2: t: NaN is not a finite number; write seconds as 12.5"),
        ('{"t": 1e999, "type": "order"}', "line 2: t: 1E+999 is not a finite number; write seconds as 12.5"),
        ('{"t": "6.28", "type": "order"}', 'line 2: t: "6.28" is not a number; write seconds as 6.28'),
        ('{"t": true, "type": "order"}', "line 2: t: true is not a number; write seconds as 12.5"),
        (
            '{"at": "2026-11-11 20:00", "type": "order"}',
            'line 2: at: "2026-11-11 20:00" has no time zone; write it as 2026-11-11T20:00:00+08:00',
        ),
        (
            '{"at": "晚上八点", "type": "order"}',
            'line 2: at: "晚上八点" is not a time in ISO 8601; write it as 2026-11-11T20:00:00+08:00',
        ),
        ('{"t": 1}', "line 2: type: is missing or empty; write what happened, such as product_push"),
        (
            '{"t": 1, "type": "comment", "text": ["好"]}',
            "line 2: text: a list is not text; write text in double quotes",
        ),
        ('{"t": 1, "t": 2, "type": "order"}', 'line 2: key "t" stands twice in one object; keep one of them'),
        ("[" * 100_000, "line 2: is nested too deep; write it as kandian's README shows"),
    ],
)
def test_lines_without_a_meaning_are_refused_with_their_number(tmp_path: Path, line: str, message: str) -> None:
    assert refusal(tmp_path, '{"t": 1, "type": "order"}', line) == f"events.jsonl: {message}"


def test_a_line_that_is_not_utf_8_is_refused_with_its_byte_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    file.write_bytes(b'{"t": 1, "type": "order"}\n{"t": 2, "type": "\xff"}')
    with pytest.raises(EventsError, match=r"line 2: is not UTF-8 \(byte 44 is 0xFF\); save the file as UTF-8"):
        read_events(file, (), None)


def test_an_empty_log_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path) == (
        "events.jsonl: is empty (0 bytes); write the file again, or take it away if it is not needed"
    )


def test_a_log_of_blank_lines_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, "", " ", "") == "events.jsonl: holds no event; take it away if the show has none"


def test_a_line_without_end_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, '{"t": 1, "type": "' + "x" * 2**20) == (
        "events.jsonl: line 1: is longer than 1 MiB; put one JSON object on each line"
    )


def test_the_work_of_reading_grows_with_the_events_and_no_faster(tmp_path: Path) -> None:
    def calls(count: int) -> int:
        lines = [
            f'{{"t": {i / 7:.2f}, "type": "comment", "text": "主播看看三号链接", "user": "u{i}"}}' for i in range(count)
        ]
        return count_calls(lambda: read(tmp_path, *lines))

    calls(1)  # modules are loaded
    calls_of_thousand = calls(1000)
    assert calls_of_thousand < 120_000  # 74 an event
    assert calls(2000) < 2.1 * calls_of_thousand


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "events.jsonl")
    with pytest.raises(EventsError, match="is not a file; put a file there"):
        read_events(tmp_path / "events.jsonl", (), None)
