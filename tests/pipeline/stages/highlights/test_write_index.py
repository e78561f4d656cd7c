"""highlights.json and its sidecars."""

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from domain.catalog import Catalog, Product
from domain.clock import Seconds, Span
from domain.highlight import (
    DescribedTake,
    DescribedTakes,
    HighlightsFile,
    HighlightWording,
    Moment,
    ProductChance,
    PublishingThresholds,
    Reason,
    RewordedHighlights,
    StartChance,
    Take,
    TakeEvidence,
    TakeJudgement,
    Takes,
    TakeThumbnail,
    TakeThumbnails,
)
from domain.replay import Replay, SpriteSheets, SpriteTile
from domain.review import Edits, PublishedHighlights
from domain.session import Session, WritingSystem
from domain.speech import Sentence, Transcript
from pipeline.outputs.highlights_file import read_highlights, read_takes
from pipeline.outputs.json_schema import schema_texts
from pipeline.stages.highlights.assemble_highlights import AssembleHighlights
from pipeline.stages.highlights.merge_review import MergeReview
from pipeline.stages.highlights.write_index import WriteIndex

HOSTILE = 'A-->B\n\n00:00:00.000 --> 99:00:00.000\r\n<script>alert("x")</script>\u202e反\u2028转\x00&amp;\\" '
TIMING = re.compile(r"(\d\d+):(\d\d):(\d\d\.\d{3}) --> (\d\d+):(\d\d):(\d\d\.\d{3})")


@dataclass(frozen=True)
class Written:
    """What the stage wrote."""

    folder: Path

    @property
    def file(self) -> HighlightsFile:
        return read_highlights(self.folder / "highlights.json")

    def cues(self, name: str) -> list[tuple[Span, str]]:
        """The cues of a WebVTT file by the rules of the format: blocks between empty lines, one line with an arrow."""
        head, *blocks = re.split(r"\n\n+", (self.folder / name).read_text(encoding="utf-8").strip("\n"))
        assert head == "WEBVTT"
        return [self._cue(block.split("\n")) for block in blocks]

    def _cue(self, lines: list[str]) -> tuple[Span, str]:
        (timing_index,) = [index for index, line in enumerate(lines) if "-->" in line]
        timing = TIMING.fullmatch(lines[timing_index])
        assert timing is not None
        assert timing_index <= 1
        hours, minutes, seconds, *end = (float(part) for part in timing.groups())
        return Span(3600 * hours + 60 * minutes + seconds, 3600 * end[0] + 60 * end[1] + end[2]), lines[-1]


def described(
    start: Seconds, end: Seconds, product_id: str = "精华", number: int = 1, *, title: str = "双抗精华"
) -> DescribedTake:
    take = Take((product_id,), Span(start, end), start, 0.8, 0.5, take_number=number, is_best=number == 1)
    return DescribedTake(take, title, "抗糖抗氧", (), ())


CATALOG = Catalog(
    (
        Product(product_id="精华", link_no=3, title="双抗精华", price=16990, image="images/1.jpg"),
        Product(product_id="毛巾", title="毛巾", image="https://a.cn/1.jpg"),
        Product(product_id="锅", title="锅"),
    )
)
SENTENCES = (
    Sentence.with_even_timing(Span(0, 10), "来看"),
    Sentence.with_even_timing(Span(10, 20), "到手 <169> --> 快"),
)
SPRITES = SpriteSheets(
    (Path("sheet-0.jpg"),), (SpriteTile(Span(0, 10), 0, 0, 0), SpriteTile(Span(10, 20), 0, 160, 0)), 160, 90
)


THRESHOLDS = PublishingThresholds(product=0.5, start=0.05, suggestion=0.1)
TRANSCRIPT = Transcript("zh", "speech", SENTENCES)


def write(
    folder: Path,
    *takes: DescribedTake,
    suggestions: tuple[DescribedTake, ...] = (),
    catalog: Catalog = CATALOG,
    transcript: Transcript = TRANSCRIPT,
    writing_system: WritingSystem = "Hans",
    rewordings: RewordedHighlights = RewordedHighlights(),  # noqa: B008 - frozen
    thumbnails: TakeThumbnails = TakeThumbnails(()),  # noqa: B008 - frozen
) -> Written:
    scratch = folder / "index"
    scratch.mkdir()
    session = Session("双十一-1", writing_system=writing_system)
    machine_highlights = AssembleHighlights()(session, DescribedTakes(takes, suggestions), thumbnails, rewordings)
    WriteIndex()(
        session,
        Replay(folder / "replay", 200.0, 720, 1280, 1000),
        catalog,
        Takes(tuple(each.take for each in takes), tuple(each.take for each in suggestions), THRESHOLDS),
        machine_highlights,
        thumbnails,
        MergeReview()(session, catalog, machine_highlights, Edits(), PublishedHighlights()),
        PublishedHighlights(),
        transcript,
        SPRITES,
        scratch,
    )
    return Written(scratch)


def as_json(written: Written) -> Any:
    return json.loads((written.folder / "highlights.json").read_text(encoding="utf-8"))


def test_highlights_json_is_read_back_as_it_was_meant(tmp_path: Path) -> None:
    file = write(tmp_path, described(10, 60), suggestions=(described(70, 90, "毛巾"),)).file
    assert (file.session_id, file.revision, file.language) == ("双十一-1", 0, "zh")
    (highlight,) = file.highlights
    assert (highlight.product_ids, highlight.start, highlight.end, highlight.status) == (("精华",), 10, 60, "auto")
    assert [suggestion.product_ids for suggestion in file.suggestions] == [("毛巾",)]


def test_better_words_replace_those_of_their_highlight_only(tmp_path: Path) -> None:
    takes = described(10, 60), described(70, 90, "毛巾")
    plain = write(tmp_path, *takes).file
    better = RewordedHighlights(
        {
            plain.highlights[0].id: HighlightWording("更好的标题", "更好的摘要"),
            "h000000000000": HighlightWording("x", "y"),
        }
    )
    (tmp_path / "again").mkdir()
    file = write(tmp_path / "again", *takes, rewordings=better).file
    assert file.highlights == (
        replace(plain.highlights[0], title="更好的标题", summary="更好的摘要"),
        plain.highlights[1],
    )


def test_highlights_json_keeps_to_its_schema(tmp_path: Path) -> None:
    full = replace(
        described(10, 60, title=HOSTILE),
        moments=(Moment("price", 20, HOSTILE),),
        reasons=(Reason("name", 10, 12, HOSTILE),),
    )
    schema = json.loads(schema_texts()["highlights-1.0.json"])
    Draft202012Validator(schema).validate(as_json(write(tmp_path, full)))


def test_a_show_without_takes_keeps_to_its_schema_and_explains_nothing(tmp_path: Path) -> None:
    written = write(tmp_path)
    Draft202012Validator(json.loads(schema_texts()["highlights-1.0.json"])).validate(as_json(written))
    assert written.file.unexplained == ("精华", "毛巾", "锅")
    assert written.cues("chapters.vtt") == []


def test_both_chances_are_written_and_their_product(tmp_path: Path) -> None:
    (highlight,) = as_json(write(tmp_path, described(10, 60)))["highlights"]
    chances = [highlight[name] for name in ("product_confidence", "start_confidence", "confidence")]
    assert chances == [0.8, 0.5, 0.4]


def test_takes_json_says_why_and_what_else_and_highlights_json_does_not(tmp_path: Path) -> None:
    plain = described(10, 60)
    judged = replace(
        plain.take,
        evidence=(TakeEvidence("name", 3.21987), TakeEvidence("rival", -2.0)),
        other_products=(ProductChance("毛巾", 1 / 8),),
        other_starts=(StartChance(100 / 3, 0.25),),
    )
    written = write(tmp_path, replace(plain, take=judged))
    takes = read_takes(written.folder / "takes.json")
    assert takes.highlights[0].judgement == TakeJudgement(
        is_tie=False,
        evidence=(TakeEvidence("name", 3.22), TakeEvidence("rival", -2.0)),
        other_products=(ProductChance("毛巾", 0.125),),
        other_starts=(StartChance(33.333, 0.25),),
    )
    assert takes.thresholds == THRESHOLDS
    assert "judgement" not in as_json(written)["highlights"][0]


def test_takes_json_keeps_to_its_schema_and_is_read_as_highlights_json_too(tmp_path: Path) -> None:
    written = write(tmp_path, described(10, 60), suggestions=(described(70, 90, "毛巾"),))
    file = written.folder / "takes.json"
    Draft202012Validator(json.loads(schema_texts()["takes-1.0.json"])).validate(json.loads(file.read_bytes()))
    assert read_highlights(file) == written.file


def test_products_only_suggested_are_unexplained(tmp_path: Path) -> None:
    file = write(tmp_path, described(10, 60), suggestions=(described(70, 90, "毛巾"),)).file
    assert file.unexplained == ("毛巾", "锅")


def test_prices_are_in_units_and_local_images_are_not_published(tmp_path: Path) -> None:
    products = as_json(write(tmp_path))["products"]
    assert [product["price"] for product in products] == [169.9, None, None]
    assert [product["image"] for product in products] == [None, "https://a.cn/1.jpg", None]


def test_ids_stay_when_times_move(tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    first = write(tmp_path, described(10, 60), described(100, 150, number=2)).file
    again = write(tmp_path / "again", described(13.5, 66), described(90, 155, number=2)).file
    ids = [highlight.id for highlight in first.highlights]
    assert len(set(ids)) == 2
    assert [highlight.id for highlight in again.highlights] == ids


def test_times_are_rounded(tmp_path: Path) -> None:
    (highlight,) = write(tmp_path, described(100 / 3, 200 / 3)).file.highlights
    assert (highlight.start, highlight.end, highlight.seek) == (33.333, 66.667, 33.333)


def test_each_highlight_has_its_own_thumbnail(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("a.jpg", "b.jpg")]
    for file in files:
        file.write_bytes(file.name.encode())
    takes = [described(10, 60, product_id) for product_id in ("精华", "毛巾", "锅")]
    with_thumbnail = zip(takes[1::-1], files[::-1], strict=True)
    thumbnails = TakeThumbnails(tuple(TakeThumbnail(described.take, file) for described, file in with_thumbnail))
    written = write(tmp_path, *takes, thumbnails=thumbnails)
    names = [highlight.thumbnail for highlight in written.file.highlights]
    assert [(written.folder / name).read_bytes() for name in names if name] == [b"a.jpg", b"b.jpg"]
    assert names[2] is None


@pytest.mark.parametrize("name", ["chapters.vtt", "highlights.vtt", "transcript.vtt"])
def test_no_title_breaks_out_of_its_cue(tmp_path: Path, name: str) -> None:
    written = write(tmp_path, described(10, 60, title=HOSTILE), described(70, 90, "毛巾"))
    cues = written.cues(name)
    assert len(cues) == 2
    assert all("-->" not in text for _, text in cues)


def test_markup_in_a_title_is_shown_not_obeyed(tmp_path: Path) -> None:
    ((_, text),) = write(tmp_path, described(10, 60, title=HOSTILE)).cues("chapters.vtt")
    assert "&lt;script&gt;" in text
    assert "<" not in text


def test_a_hostile_title_comes_back_whole_from_json_and_from_the_metadata_cue(tmp_path: Path) -> None:
    written = write(tmp_path, described(10, 60, title=HOSTILE))
    ((span, payload),) = written.cues("highlights.vtt")
    assert written.file.highlights[0].title == HOSTILE
    assert json.loads(payload)["title"] == HOSTILE
    assert json.loads(payload)["product_ids"] == ["精华"]
    assert span == Span(10, 60)


def test_hostile_products_do_not_break_the_json(tmp_path: Path) -> None:
    hostile = Catalog((Product(product_id=HOSTILE, title=HOSTILE, attributes={HOSTILE: HOSTILE}),))
    file = write(tmp_path, described(10, 60, HOSTILE), catalog=hostile).file
    assert (file.products[0].product_id, file.highlights[0].product_ids) == (HOSTILE, (HOSTILE,))


def test_chapters_never_overlap(tmp_path: Path) -> None:
    takes = (described(10, 80), described(60, 120, "毛巾"), described(60, 250, "锅"), described(150, 190, number=2))
    spans = [span for span, _ in write(tmp_path, *takes).cues("chapters.vtt")]
    assert spans == [Span(10, 60), Span(60, 150), Span(150, 190)]


def test_no_chapter_runs_beyond_the_replay(tmp_path: Path) -> None:
    ((span, _),) = write(tmp_path, described(150, 250)).cues("chapters.vtt")
    assert span == Span(150, 200)


def test_seek_thumbnails_name_their_position_on_the_sheet(tmp_path: Path) -> None:
    assert write(tmp_path).cues("thumbnails.vtt") == [
        (Span(0, 10), "sprites/sheet-0.jpg#xywh=0,0,160,90"),
        (Span(10, 20), "sprites/sheet-0.jpg#xywh=160,0,160,90"),
    ]


def test_the_transcript_holds_every_sentence_at_its_time(tmp_path: Path) -> None:
    cues = write(tmp_path).cues("transcript.vtt")
    assert cues == [(Span(0, 10), "来看，"), (Span(10, 20), "到手&lt;169&gt;--&gt;快。")]


def test_what_was_not_recognised_is_marked_for_the_reader(tmp_path: Path) -> None:
    sentences = (
        Sentence.with_even_timing(Span(0, 3), "来看锅", is_reliable=False),
        Sentence.with_even_timing(Span(9, 12), "三号链接"),
    )
    cues = write(tmp_path, transcript=Transcript("zh", "speech", sentences, (Span(4, 8),))).cues("transcript.vtt")
    assert cues == [
        (Span(0, 3), "[听不清] 来看锅。"),
        (Span(4, 8), "[听不清]"),
        (Span(9, 12), "三号链接。"),
    ]


def test_the_transcript_is_in_the_writing_system_of_the_session(tmp_path: Path) -> None:
    transcript = Transcript("zh", "speech", (Sentence.with_even_timing(Span(0, 3), "头发里面"),))
    cues = write(tmp_path, transcript=transcript, writing_system="Hant-TW").cues("transcript.vtt")
    assert cues == [(Span(0, 3), "頭髮裡面。")]


def test_an_english_transcript_stays_as_it_was_recognised(tmp_path: Path) -> None:
    sentences = (Sentence.with_even_timing(Span(0, 3), "Okay, babe. It's $24.50!"),)
    ((_, text),) = write(tmp_path, transcript=Transcript("en", "speech", sentences)).cues("transcript.vtt")
    assert text == sentences[0].text
