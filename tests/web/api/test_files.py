"""Files: for players on any site, in parts, kept as long as they may be; and nothing that lies elsewhere."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from fixtures.api_site import NAME, SESSION, ApiSite

pytestmark = pytest.mark.media

PUBLISHED = f"/published/{NAME}"
FIRST = f"{PUBLISHED}/r1/highlights.json"


def test_what_never_changes_is_kept_for_ever_and_the_latest_is_asked_for(anyone: TestClient) -> None:
    immutable, latest = (anyone.get(f"{PUBLISHED}/{name}") for name in ("r1/highlights.json", "latest.json"))
    assert "immutable" in immutable.headers["Cache-Control"]
    assert latest.headers["Cache-Control"] == "public, max-age=5, must-revalidate"
    again = anyone.get(f"{PUBLISHED}/latest.json", headers={"If-None-Match": latest.headers["ETag"]})
    assert (again.status_code, again.headers["Access-Control-Allow-Origin"]) == (304, "*")


def test_players_of_other_sites_may_read_published_files_and_nothing_else(site: ApiSite) -> None:
    theirs = {"Origin": "https://shop.example"}
    allowed = "Access-Control-Allow-Origin"
    assert site.visit().get(FIRST, headers=theirs).headers[allowed] == "*"
    assert site.visit().get(f"{PUBLISHED}/r999/highlights.json", headers=theirs).headers[allowed] == "*"
    before = site.visit().options(FIRST, headers={**theirs, "Access-Control-Request-Headers": "range"})
    assert (before.status_code, "Range" in before.headers["Access-Control-Allow-Headers"]) == (204, True)
    others = (f"{SESSION}/highlights", "/v1/sessions", f"{SESSION}/draft/files/transcript.vtt", "/openapi.json")
    assert [path for path in others if allowed in site.by("read").get(path, headers=theirs).headers] == []


@pytest.mark.parametrize(
    ("requested", "status", "received"),
    [
        ("bytes=0-9", 206, "bytes 0-9/{size}"),
        ("bytes=-5", 206, "bytes {tail}-{last}/{size}"),
        ("bytes=-5,999999999-", 206, "bytes {tail}-{last}/{size}"),
        ("bytes=999999999-", 416, "bytes */{size}"),
        ("bytes=-0", 416, "bytes */{size}"),
    ],
)
def test_a_part_is_given_as_it_is_asked_for(anyone: TestClient, requested: str, status: int, received: str) -> None:
    whole = anyone.get(FIRST).content
    size = len(whole)
    answer = anyone.get(FIRST, headers={"Range": requested})
    assert answer.status_code == status
    assert answer.headers["Content-Range"] == received.format(size=size, tail=size - 5, last=size - 1)
    if status == 206:
        assert answer.content == (whole[:10] if requested == "bytes=0-9" else whole[-5:])


def test_a_part_of_another_version_is_the_whole(anyone: TestClient) -> None:
    answer = anyone.get(FIRST, headers={"Range": "bytes=0-9", "If-Range": '"another"'})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "requested",
    ["lines=1-2", "bytes=", "bytes=-", "bytes=a-b", "bytes=9-2", "bytes=0-1,x", "bytes", "bytes=" + "9" * 5000 + "-"],
)
def test_a_range_that_is_none_asks_for_the_whole(anyone: TestClient, requested: str) -> None:
    answer = anyone.get(FIRST, headers={"Range": requested})
    assert (answer.status_code, answer.content) == (200, anyone.get(FIRST).content)


def test_a_page_elsewhere_may_read_why_a_part_is_not_there(anyone: TestClient) -> None:
    answer = anyone.get(FIRST, headers={"Range": "bytes=999999999-", "Origin": "https://shop.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "bytes" in answer.json()["detail"]


def test_the_head_of_a_file_says_how_long_it_is(anyone: TestClient) -> None:
    answer = anyone.head(FIRST)
    assert (answer.content, int(answer.headers["Content-Length"])) == (b"", len(anyone.get(FIRST).content))


def test_media_have_the_types_that_players_need(anyone: TestClient, reader: TestClient) -> None:
    replay = anyone.get(f"{PUBLISHED}/r1/highlights.json").json()["replay"].removeprefix("../")
    assert anyone.get(f"{PUBLISHED}/{replay}").headers["Content-Type"] == "application/vnd.apple.mpegurl"
    draft = reader.get(f"{SESSION}/draft/files/replay/master.m3u8")
    assert (draft.status_code, draft.headers["Cache-Control"]) == (200, "private, no-cache")
    cues = reader.get(f"{SESSION}/draft/files/transcript.vtt")
    assert cues.headers["Content-Type"] == "text/vtt; charset=utf-8"


OUTSIDE = (
    *("../ledger.db", "..%2fledger.db", "%2e%2e/ledger.db", "r1/../../../ledger.db", "..%5cledger.db", "%00"),
    *("/etc/passwd", "%2fetc%2fpasswd", "r1", "", ".", "r1/highlights.json/x", "a" * 5000, "r1/highlights.json%00.jpg"),
)


@pytest.mark.parametrize("address", OUTSIDE, ids=range(len(OUTSIDE)))
def test_no_address_leads_out_of_its_folder(site: ApiSite, address: str) -> None:
    for folder in (
        f"{PUBLISHED}/",
        "/published/",
        f"{SESSION}/draft/files/",
        f"{SESSION}/draft/files/replay/",
        "/static/",
    ):
        answer = site.by("read").get(folder + address)
        assert answer.status_code == 404
        assert b"SQLite" not in answer.content


def test_of_a_results_folder_only_what_players_need_is_given(site: ApiSite, reader: TestClient) -> None:
    results = site.context.out / NAME
    (results / "recording.mp4").write_bytes(b"the whole recording")
    (results / "replay" / ".secret.json").write_text("{}", encoding="utf-8")
    for name in ("recording.mp4", "report.json", "takes.json", "replay/.secret.json", "replay"):
        assert reader.get(f"{SESSION}/draft/files/{name}").status_code == 404


def test_a_link_that_leads_out_is_not_followed(site: ApiSite, anyone: TestClient, tmp_path: Path) -> None:
    secret = tmp_path / "secret.json"
    secret.write_text('{"a": "secret"}', encoding="utf-8")
    link = site.context.published_folder / NAME / "link.json"
    link.symlink_to(secret)
    try:
        assert anyone.get(f"{PUBLISHED}/link.json").status_code == 404
    finally:
        link.unlink()


def test_what_is_being_written_is_not_given(site: ApiSite, anyone: TestClient) -> None:
    aside = site.context.published_folder / NAME / ".0123.partial"
    aside.mkdir()
    (aside / "highlights.json").write_text("{}", encoding="utf-8")
    assert anyone.get(f"{PUBLISHED}/.0123.partial/highlights.json").status_code == 404
