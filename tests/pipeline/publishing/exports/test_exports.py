"""Each format is what its reader takes, and no title of a stranger does more in it than be read."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime

import opentimelineio
import pytest

from domain.errors import UsageError
from domain.highlight import Highlight, HighlightsFile, PublicProduct
from pipeline.publishing.exports import EXPORT_FORMATS, export_highlights
from pipeline.publishing.exports.addresses import ShowAddresses, revision_addresses
from pipeline.publishing.exports.show_facts import ShowFacts

POT = PublicProduct("锅-1", 3, "铸铁锅", "锅", "", "", {}, 1.0, None, "CNY", None, None, None)
FIRST = Highlight("h1", ("锅-1", "盖-2"), 10.25, 60.5, 9.5, 0.8, "铁锅", "好", (), (), None, 1, True, "auto")
SECOND = replace(FIRST, id="h2", product_ids=("锅-1",), start=70.0, end=80.0, seek=70.0, best_take=False, take=2)
SUGGESTED = replace(FIRST, id="h3", title="待审")
FILE = HighlightsFile("1.0", "双十一", 1, 100.0, "zh", "replay/master.m3u8", (POT,), (FIRST, SECOND), (SUGGESTED,), ())


def titled(title: str) -> HighlightsFile:
    return replace(FILE, highlights=(replace(FIRST, title=title),))


def test_a_spreadsheet_has_a_row_a_highlight_and_product_and_excel_sees_utf_8() -> None:
    content = export_highlights(FILE, "csv")
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert [(row["highlight_id"], row["product_id"], row["product"], row["start"]) for row in rows] == [
        ("h1", "锅-1", "铸铁锅", "10.25"),
        ("h1", "盖-2", "", "10.25"),
        ("h2", "锅-1", "铸铁锅", "70.0"),
    ]


@pytest.mark.parametrize("title", ["=1+1", "+cmd|' /C calc'!A0", "-1", "@SUM(A1)", "\t=1"])
def test_no_title_is_calculated(title: str) -> None:
    (row, _) = csv.DictReader(io.StringIO(export_highlights(titled(title), "csv").decode("utf-8-sig")))
    assert row["title"] == f"'{title}"


def test_video_editors_get_a_marker_a_highlight() -> None:
    timeline = opentimelineio.adapters.read_from_string(
        export_highlights(FILE, "otio", ShowAddresses(media_url="replay.mp4")).decode()
    )
    (clip,) = timeline.tracks[0]
    assert (clip.media_reference.target_url, clip.duration().to_seconds()) == ("replay.mp4", 100)
    spans = [
        (m.name, m.marked_range.start_time.to_seconds(), m.marked_range.duration.to_seconds()) for m in clip.markers
    ]
    assert spans == [("铁锅", 10.25, 50.25), ("铁锅", 70, 10)]
    assert list(clip.markers[0].metadata["kandian"]["product_ids"]) == ["锅-1", "盖-2"]


def test_search_engines_get_clips_that_link_to_their_place() -> None:
    video = json.loads(export_highlights(FILE, "json-ld", ShowAddresses(page_url="https://a.cn/show?id=1#top")))
    assert (video["@type"], video["duration"]) == ("VideoObject", "PT0H1M40S")
    clips = [(clip["startOffset"], clip["endOffset"], clip["url"]) for clip in video["hasPart"]]
    assert clips == [(9, 60, "https://a.cn/show?id=1&t=9#top"), (70, 80, "https://a.cn/show?id=1&t=70#top")]


EVENING, LATER = datetime(2026, 11, 11, 20, tzinfo=UTC), datetime(2026, 11, 12, 9, 30, 5, 7, tzinfo=UTC)
PICTURED = replace(
    FILE, highlights=(replace(FIRST, thumbnail="thumbnails/a.jpg"), replace(SECOND, title="锅", thumbnail="b.jpg"))
)


def test_search_engines_get_all_that_they_require_where_it_is_known() -> None:
    places = revision_addresses(ShowAddresses(page_url="https://a.cn/show?id=1"), PICTURED)
    video = json.loads(export_highlights(PICTURED, "json-ld", places, ShowFacts("双十一<夜>", EVENING, LATER)))
    folder = "https://a.cn/published/%E5%8F%8C%E5%8D%81%E4%B8%80/r1/"
    assert {name: video[name] for name in ("name", "description", "thumbnailUrl", "contentUrl")} == {
        "name": "双十一<夜>",
        "description": "铁锅、锅",
        "thumbnailUrl": folder + "thumbnails/a.jpg",
        "contentUrl": folder + "replay/master.m3u8",
    }
    assert (video["uploadDate"], video["dateCreated"]) == ("2026-11-12T09:30:05+00:00", "2026-11-11T20:00:00+00:00")


def test_the_folder_that_somebody_named_is_where_files_are() -> None:
    places = revision_addresses(ShowAddresses("https://a.cn/", "https://b.cn/show.mp4", "https://cdn.cn/r1"), PICTURED)
    video = json.loads(export_highlights(PICTURED, "json-ld", places, ShowFacts(started_at=EVENING)))
    assert (video["thumbnailUrl"], video["contentUrl"], video["uploadDate"]) == (
        *("https://cdn.cn/r1/thumbnails/a.jpg", "https://b.cn/show.mp4", EVENING.isoformat()),
    )


def test_an_address_that_cannot_be_one_is_refused() -> None:
    with pytest.raises(UsageError, match="no web address"):
        ShowAddresses(page_url="https://[a.cn/")


def test_what_is_not_known_is_not_told_to_search_engines() -> None:
    video = json.loads(
        export_highlights(replace(FILE, highlights=()), "json-ld", ShowAddresses(page_url="https://a.cn/"))
    )
    assert video.keys() == {"@context", "@type", "name", "inLanguage", "duration", "hasPart", "url"}
    assert video["name"] == "双十一"


def test_of_two_clips_with_one_start_the_surer_is_told() -> None:
    both = replace(FILE, highlights=(FIRST, replace(FIRST, id="h9", title="surer", confidence=0.9)))
    assert [clip["name"] for clip in json.loads(export_highlights(both, "json-ld"))["hasPart"]] == ["surer"]


def test_a_title_does_not_end_the_script_that_holds_it() -> None:
    content = export_highlights(titled("</script><script>alert(1)</script>"), "json-ld")
    assert b"<" not in content
    assert json.loads(content)["hasPart"][0]["name"] == "</script><script>alert(1)</script>"


def test_label_studio_gets_a_predicted_region_a_highlight() -> None:
    (task,) = json.loads(export_highlights(FILE, "label-studio", ShowAddresses(media_url="https://a.cn/a.mp4")))
    assert task["data"]["audio"] == "https://a.cn/a.mp4"
    regions = task["predictions"][0]["result"]
    assert [(r["type"], r["value"]["start"], r["value"]["end"], r["value"]["labels"]) for r in regions] == [
        ("labels", 10.25, 60.5, ["锅-1"]),
        ("labels", 70.0, 80.0, ["锅-1"]),
    ]


@pytest.mark.parametrize("kind", EXPORT_FORMATS)
def test_suggestions_leave_the_house_in_no_format(kind: str) -> None:
    assert "待审" not in export_highlights(FILE, kind).decode()  # type: ignore[arg-type]  # one of its own


UNSURE_OF_START = replace(FIRST, confidence=0.36, product_confidence=0.9, start_confidence=0.4)


def test_video_editors_labellers_and_spreadsheets_see_which_of_the_two_is_unsure() -> None:
    file = replace(FILE, highlights=(UNSURE_OF_START,))
    timeline, (task,) = (json.loads(export_highlights(file, kind)) for kind in ("otio", "label-studio"))
    (row, _) = csv.DictReader(io.StringIO(export_highlights(file, "csv").decode("utf-8-sig")))
    marker = timeline["tracks"]["children"][0]["children"][0]["markers"][0]
    region = task["predictions"][0]["result"][0]
    chances = [
        tuple(float(said[name]) for name in ("product_confidence", "start_confidence"))
        for said in (marker["metadata"]["kandian"], region["meta"], row)
    ]
    assert chances == [(0.9, 0.4)] * 3
    assert region["score"] == 0.36
