"""What can be read: published highlights by everybody, sessions and drafts with the scope."""

import csv
import json
import shutil

import pytest
from starlette.testclient import TestClient

from fixtures.api_site import NAME, SESSION, ApiSite

pytestmark = pytest.mark.media


def test_published_highlights_have_their_revision_as_etag_and_no_suggestions(anyone: TestClient) -> None:
    answer = anyone.get(f"{SESSION}/highlights")
    file = answer.json()
    assert (answer.status_code, answer.headers["ETag"]) == (200, f'"{file["revision"]}"')
    assert file["highlights"]
    assert file["suggestions"] == []


def test_whoever_has_the_revision_is_told_so(anyone: TestClient) -> None:
    etag = anyone.get(f"{SESSION}/highlights").headers["ETag"]
    again = anyone.get(f"{SESSION}/highlights", headers={"If-None-Match": f'"x", W/{etag}'})
    assert (again.status_code, again.content) == (304, b"")


def test_a_session_that_nobody_published_is_not_there(anyone: TestClient) -> None:
    answer = anyone.get("/v1/sessions/unknown/highlights")
    assert (answer.status_code, answer.json()["what"]) == (404, "is not published")


SHOWN = ("start", "end", "seek", "title", "confidence")


def test_a_product_is_found_where_it_is_explained(anyone: TestClient) -> None:
    highlight = anyone.get(f"{SESSION}/highlights").json()["highlights"][0]
    (first, *_) = anyone.get("/v1/explanations", params={"product": highlight["product_ids"][0]}).json()["found"]
    assert first["explanation"]["session_id"] == NAME
    assert first["explanation"]["is_best"]
    assert {key: first["explanation"][key] for key in SHOWN} == {key: highlight[key] for key in SHOWN}
    assert anyone.get(first["latest"]).json()["revision"] >= 1


def test_whoever_comes_is_told_what_there_is_to_see_and_nothing_of_who_made_it(anyone: TestClient) -> None:
    page = anyone.get("/v1/published").json()
    (shown,) = page["sessions"]
    latest = anyone.get(shown["latest"]).json()
    file = anyone.get(f"{SESSION}/highlights").json()
    assert (shown["session_id"], shown["revision"], page["next"]) == (NAME, latest["revision"], None)
    assert (shown["highlights"], shown["duration"]) == (len(file["highlights"]), file["duration"])
    assert "职员" not in str(page)
    assert anyone.get("/v1/published", params={"offset": 1}).json() == {"sessions": [], "next": None}


def test_a_product_that_nobody_explained_is_found_nowhere(anyone: TestClient) -> None:
    assert anyone.get("/v1/explanations", params={"product": "nothing"}).json()["found"] == []


def test_what_hosts_said_is_found_in_chinese(anyone: TestClient) -> None:
    hits = anyone.get("/v1/search", params={"q": "双抗精华 抗氧"}).json()["found"]
    assert [hit["session_id"] for hit in hits] == [NAME]
    assert "抗氧抗糖" in hits[0]["text"]


def test_answers_come_in_pages_by_what_the_page_before_told(anyone: TestClient) -> None:
    query = {"q": "精华", "session_id": NAME}
    whole = anyone.get("/v1/search", params=query).json()
    first = anyone.get("/v1/search", params=query | {"limit": "1"}).json()
    rest = anyone.get("/v1/search", params=query | {"after": first["next"]}).json()
    assert (len(first["found"]), whole["next"], rest["next"]) == (1, None, None)
    assert first["found"] + rest["found"] == whole["found"]
    assert rest["found"]


def test_a_transcript_comes_in_pages(anyone: TestClient) -> None:
    first = anyone.get(f"{SESSION}/transcript", params={"limit": 2}).json()
    rest = anyone.get(f"{SESSION}/transcript", params={"begin": first["next"], "limit": 1000}).json()
    assert len(first["cues"]) == 2
    assert (2 + len(rest["cues"]), rest["next"]) == (first["total"], None)


def test_exports_are_files_named_after_the_session(anyone: TestClient) -> None:
    table = anyone.get(f"{SESSION}/exports/csv")
    assert "%E5%8F%8C%E5%8D%81%E4%B8%80.csv" in table.headers["Content-Disposition"]
    rows = list(csv.DictReader(table.content.decode("utf-8-sig").splitlines()))
    assert {row["session_id"] for row in rows} == {NAME}
    page = anyone.get(f"{SESSION}/exports/json-ld", params={"page": "https://shop.example/live"}).json()
    assert page["hasPart"][0]["url"].startswith("https://shop.example/live?t=")
    assert anyone.get(page["contentUrl"].removeprefix("https://shop.example")).status_code == 200
    assert {"name", "description", "uploadDate"} <= page.keys()


@pytest.mark.parametrize("page", ["javascript:alert(1)", "https://[a", "https://a℀b/", "//a.cn", "https://"])
def test_an_export_takes_no_address_that_is_none(anyone: TestClient, page: str) -> None:
    assert anyone.get(f"{SESSION}/exports/json-ld", params={"page": page}).status_code == 422


def test_sessions_come_in_pages_by_id(reader: TestClient) -> None:
    (card,) = reader.get("/v1/sessions").json()["sessions"]
    assert (card["session_id"], card["products"], card["revision"] >= 1) == (NAME, 3, True)
    assert reader.get("/v1/sessions", params={"after": NAME}).json() == {"sessions": [], "unreadable": [], "next": None}
    assert reader.get(SESSION).json() == card


def test_a_session_whose_results_are_damaged_is_told_beside_the_others(site: ApiSite, reader: TestClient) -> None:
    damaged = site.context.out / "坏"
    damaged.mkdir()
    for name in ("takes.json", "highlights.json"):
        (damaged / name).write_text("{", encoding="utf-8")
    page = reader.get("/v1/sessions").json()
    answer = reader.get("/v1/sessions/坏")
    shutil.rmtree(damaged)
    assert ([card["session_id"] for card in page["sessions"]], page["unreadable"]) == ([NAME], ["坏"])
    assert (answer.status_code, answer.json()["what"]) == (404, "has damaged results")


def test_the_last_run_says_what_it_cost(reader: TestClient) -> None:
    report = reader.get(f"{SESSION}/run").json()
    assert report["cpu_seconds"] > 0
    assert report["replay"]["renditions"]


def test_the_folder_of_published_files_is_no_session(reader: TestClient) -> None:
    assert reader.get("/v1/sessions/published").status_code == 404


def test_a_draft_holds_suggestions_and_says_how_many_edits_it_has(reader: TestClient) -> None:
    answer = reader.get(f"{SESSION}/draft")
    view = answer.json()
    assert answer.headers["ETag"].startswith(f'"{view["edits"]}.')
    assert {"highlights", "suggestions"} <= view["file"].keys()
    assert reader.get(f"{SESSION}/draft", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_revisions_say_who_published_them(reader: TestClient) -> None:
    assert reader.get(f"{SESSION}/publications").json()["publications"][0]["published_by"] == "职员"


def test_the_server_says_that_it_lives_and_is_ready(anyone: TestClient) -> None:
    assert [anyone.get(path).json() for path in ("/healthz", "/readyz")] == [{"status": "ok"}] * 2


def test_metrics_name_routes_and_no_ids(reader: TestClient) -> None:
    reader.get(f"{SESSION}/highlights")
    metrics = reader.get("/metrics").text
    assert 'kandian_requests_total{method="GET",route="/v1/sessions/{session_id}/highlights",status="200"}' in metrics
    assert NAME not in metrics
    assert json.dumps(NAME) not in metrics
