"""Captions as SRT, WebVTT and JSON."""

import json
from pathlib import Path

import pytest

from domain.errors import CaptionsError
from domain.speech import Caption
from pipeline.inputs.captions import CaptionsFile, import_captions


def read(tmp_path: Path, name: str, text: str) -> CaptionsFile:
    file = tmp_path / f"captions.{name}"
    file.write_text(text, encoding="utf-8", newline="")
    return import_captions(file)


def refusal(tmp_path: Path, name: str, text: str) -> str:
    with pytest.raises(CaptionsError) as refused:
        read(tmp_path, name, text)
    return str(refused.value).replace(f"{tmp_path}/", "")


def transcript(*sentences: object, **head: object) -> str:
    return json.dumps({"sentences": list(sentences), **head})


SRT = """1
00:00:01,500 --> 00:00:03,250
<i>家人们</i>来看
三号链接

2
01:00:04,000 --> 01:00:05,000
520

now <b>two</b>
lines

3
01:00:06,000 --> 01:00:07,000 X1:40 Y1:20
{\\an8}价格<100
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_srt_is_read_without_its_tags_and_numbers(tmp_path: Path, end: str, mark: str) -> None:
    file = read(tmp_path, "srt", mark + SRT.replace("\n", end))
    assert file.captions.captions == (
        Caption(1.5, 3.25, "家人们来看三号链接"),
        Caption(3604.0, 3605.0, "520 now two lines"),
        Caption(3606.0, 3607.0, "价格<100"),
    )
    assert (file.captions.language, file.warnings) == (None, ())


VTT = """WEBVTT - 小专场

STYLE
::cue { color: red }

NOTE
00:00.000 --> 00:01.000
not said

intro
00:01.500 --> 00:03.250 align:start
<v 小鱼>家人们</v> <00:02.000><c.red>来看</c> &amp; &lt;3号&gt;

100:00:04.000 --> 100:00:05.000
- 多少钱
- 九十九
"""


def test_vtt_is_read_without_its_tags_notes_and_styles(tmp_path: Path) -> None:
    file = read(tmp_path, "vtt", VTT)
    assert file.captions.captions == (
        Caption(1.5, 3.25, "家人们 来看 & <3号>"),
        Caption(360004.0, 360005.0, "- 多少钱 - 九十九"),
    )
    assert file.warnings == ()


def test_the_stream_clock_of_a_vtt_segment_is_told(tmp_path: Path) -> None:
    text = "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000\n\n00:01.000 --> 00:02.000\n好\n"
    assert read(tmp_path, "vtt", text).warnings == (
        "captions.vtt: X-TIMESTAMP-MAP is not followed; times are taken as seconds since the recording began",
    )


def test_our_own_transcript_is_read_with_its_character_times(tmp_path: Path) -> None:
    sentence = {"start": 1, "end": 2.5, "text": "好 看", "char_starts": [1, 1.5, 2], "is_reliable": False}
    file = read(tmp_path, "json", transcript(sentence, language="zh-CN", source="speech", unheard=[]))
    assert file.captions.captions == (Caption(1.0, 2.5, "好 看", (1.0, 1.5, 2.0), False),)
    assert (file.captions.language, file.warnings) == ("zh", ())


def test_character_times_stay_with_their_characters_when_hidden_ones_go(tmp_path: Path) -> None:
    sentence = {"start": 0, "end": 5, "text": " 好\u202e\n看 ", "char_starts": [0, 1, 2, 3, 4, 5]}
    file = read(tmp_path, "json", transcript(sentence))
    assert file.captions.captions[0].text == "好 看"
    assert file.captions.captions[0].char_starts == (1.0, 3.0, 4.0)
    assert file.warnings == ("captions.json: control characters taken out of the text in 1 caption",)


def test_captions_out_of_order_are_sorted_and_told(tmp_path: Path) -> None:
    sentences = [{"start": start, "end": start + 2, "text": f"第{start}句"} for start in (5, 1, 2)]
    file = read(tmp_path, "json", transcript(*sentences))
    assert [caption.recording_start for caption in file.captions.captions] == [1.0, 2.0, 5.0]
    assert file.warnings == (
        "captions.json: 1 of 3 captions begin before the one above and are sorted",
        "captions.json: 1 of 3 captions overlap the next",
    )


def test_captions_without_text_are_left_out_and_told(tmp_path: Path) -> None:
    sentences = [{"start": 1, "end": 2, "text": "  "}, {"start": 3, "end": 4, "text": "好"}]
    file = read(tmp_path, "json", transcript(*sentences))
    assert [caption.text for caption in file.captions.captions] == ["好"]
    assert file.warnings == ("captions.json: 1 of 2 captions have no text",)


def test_unknown_keys_are_told_with_the_nearest_known_name(tmp_path: Path) -> None:
    file = read(tmp_path, "json", transcript({"start": 1, "end": 2, "text": "好", "is_reliabel": True}, langauge="zh"))
    assert file.warnings == (
        'captions.json: unknown key "langauge" (did you mean "language"?)',
        'captions.json: unknown key "is_reliabel" in 1 caption (did you mean "is_reliable"?)',
    )


def test_hostile_text_is_only_text(tmp_path: Path) -> None:
    file = read(tmp_path, "srt", "1\n00:00:01,000 --> 00:00:02,000\n<script>x</script>\x1b[2J; rm -rf /\n")
    assert file.captions.captions[0].text == "<script>x</script>[2J; rm -rf /"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("srt", "", "captions.srt: is empty (0 bytes); write the file again, or take it away if it is not needed"),
        ("srt", "家人们\n", "captions.srt: holds no cue; write cues as 00:01:02,500 --> 00:01:04,000"),
        (
            "srt",
            "1\n00:00:01,000 --> 00:00:02,000\n好\n\n2\n00:0a:03,000 --> 4\n看\n",
            "captions.srt: line 6: '00:0a:03,000 --> 4' is not a cue time; write it as 00:01:02.500 --> 00:01:04.000",
        ),
        (
            "srt",
            "1\n00:00:03,000 --> 00:00:02,000\n好\n",
            "captions.srt: line 2: the cue ends at 2 s, before it starts at 3 s; mend its times",
        ),
        (
            "srt",
            "1\n00:00:01,000 --> 00:00:02,000\n\n",
            "captions.srt: holds no captions; take it away to have the speech recognised",
        ),
        (
            "vtt",
            "00:01.000 --> 00:02.000\n好\n",
            "captions.vtt: line 1: is not WEBVTT; begin the file with WEBVTT, or call it .srt",
        ),
        ("vtt", "WEBVTT\n", "captions.vtt: holds no captions; take it away to have the speech recognised"),
        ("txt", "好", "captions.txt: is no kind of captions kandian knows; give a .srt, .vtt or .json file"),
        (
            "json",
            '{"segments": []}',
            'captions.json: has no list of sentences; write {"sentences": '
            '[{"start": 1.5, "end": 3.0, "text": "..."}, ...]}',
        ),
        ("json", "[", "captions.json: line 1, column 2: is not JSON (expecting value); mend it there"),
        (
            "json",
            transcript(),
            "captions.json: holds no captions; take it away to have the speech recognised",
        ),
        (
            "json",
            transcript(language="ja"),
            'captions.json: language: "ja" is not a language that kandian understands; '
            "write zh or en, or leave it out to have it heard",
        ),
    ],
)
def test_files_that_are_no_captions_are_refused(tmp_path: Path, name: str, text: str, message: str) -> None:
    assert refusal(tmp_path, name, text) == message


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"start": float("nan")}, "start: NaN is not a finite number; write seconds as 12.5"),
        ({"end": None}, "end: null is not a number; write seconds as 12.5"),
        ({"end": 0.5}, "end: 0.5 comes before start, 1; mend the two times"),
        ({"text": None}, "text: null is not text; write text in double quotes"),
        ({"is_reliable": 1}, "is_reliable: 1 is neither true nor false; write true or false"),
        (
            {"char_starts": [1]},
            "char_starts: holds 1 times for 2 characters; write a time for each character of text, or leave it out",
        ),
        ({"char_starts": [2, 1]}, "char_starts: goes back in time; write times that rise, or leave it out"),
    ],
)
def test_wrong_sentences_are_refused_with_their_number(
    tmp_path: Path, changes: dict[str, object], message: str
) -> None:
    good: dict[str, object] = {"start": 1, "end": 2, "text": "好看"}
    assert refusal(tmp_path, "json", transcript(good, {**good, **changes})) == f"captions.json: sentence 2: {message}"


def test_captions_in_another_encoding_are_refused_with_the_line(tmp_path: Path) -> None:
    file = tmp_path / "captions.srt"
    file.write_bytes("1\n00:00:01,000 --> 00:00:02,000\n家人们\n".encode("gb18030"))
    with pytest.raises(CaptionsError, match=r"line 3: is not UTF-8 \(byte 32 is 0xBC; it looks like GBK\)"):
        import_captions(file)
