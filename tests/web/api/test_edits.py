"""Changing a draft and giving it to viewers: nothing is changed that the caller had not seen."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from fixtures.api_site import SESSION, ApiSite

pytestmark = pytest.mark.media


def draft(client: TestClient) -> tuple[dict[str, Any], str]:
    """The draft's highlights.json and its ETag."""
    answer = client.get(f"{SESSION}/draft")
    return answer.json()["file"], answer.headers["ETag"]


def send(client: TestClient, etag: str | None, *operations: dict[str, Any]) -> Any:
    headers = {"Content-Type": "application/json"} | ({} if etag is None else {"If-Match": etag})
    return client.post(f"{SESSION}/edits", content=json.dumps({"operations": operations}), headers=headers)


def retitled(highlight: str, title: str) -> dict[str, Any]:
    return {"kind": "retitle", "highlight": highlight, "title": title}


def test_an_edit_is_recorded_under_the_name_of_its_token(editor: TestClient) -> None:
    file, etag = draft(editor)
    answer = send(editor, etag, retitled(file["highlights"][0]["id"], "人写的标题"))
    later, tag = draft(editor)
    assert (answer.status_code, answer.headers["ETag"]) == (200, tag)
    assert later["highlights"][0]["title"] == "人写的标题"


def test_who_changed_what_and_when_is_told_in_pages(site: ApiSite) -> None:
    file, etag = draft(site.by("admin"))
    identity = file["highlights"][0]["id"]
    send(site.by("edit"), etag, retitled(identity, "谁写的"), {"kind": "approve", "highlight": identity})
    client, log = site.by("read"), list[dict[str, Any]]()
    page = client.get(f"{SESSION}/edits", params={"limit": 1}).json()
    while page["next"] is not None:
        log += page["edits"]
        page = client.get(f"{SESSION}/edits", params={"limit": 1, "after": page["next"]}).json()
    log += page["edits"]
    assert [entry["number"] for entry in log] == list(range(1, len(log) + 1))
    assert [(entry["made_by"], entry["words"].split()[0]) for entry in log[-2:]] == [
        *(("令牌 edit", "retitle"), ("令牌 edit", "approve")),
    ]
    assert datetime.now(UTC) - datetime.fromisoformat(log[-1]["made_at"]) < timedelta(minutes=5)
    assert log[-1]["edit"]["operation"] == {"kind": "approve", "highlight": identity}


def test_a_session_that_nobody_knows_has_no_edits(site: ApiSite) -> None:
    assert site.by("read").get("/v1/sessions/unknown/edits").status_code == 404


def test_a_session_is_changed_from_an_edit_until_it_is_published_again(site: ApiSite) -> None:
    admin = site.by("admin")
    file, etag = draft(admin)
    send(admin, etag, retitled(file["highlights"][0]["id"], f"第{file['revision']}版之后"))
    assert admin.get(SESSION).json()["state"] == "changed"
    admin.post(f"{SESSION}/publications")
    assert admin.get(SESSION).json()["state"] == "published"


def test_an_edit_without_if_match_is_refused(editor: TestClient) -> None:
    file, _ = draft(editor)
    answer = send(editor, None, retitled(file["highlights"][0]["id"], "谁的"))
    assert (answer.status_code, answer.json()["where"]) == (428, "If-Match")


def test_an_edit_of_what_was_changed_meanwhile_is_refused(editor: TestClient) -> None:
    file, etag = draft(editor)
    identity = file["highlights"][0]["id"]
    assert send(editor, etag, retitled(identity, "先来")).status_code == 200
    answer = send(editor, etag, retitled(identity, "后到"))
    assert answer.status_code == 412
    assert draft(editor)[0]["highlights"][0]["title"] == "先来"


def test_the_number_of_edits_alone_will_do(editor: TestClient) -> None:
    view = editor.get(f"{SESSION}/draft").json()
    answer = send(editor, f'"{view["edits"]}"', retitled(view["file"]["highlights"][0]["id"], "按次数"))
    assert answer.json()["edits"] == view["edits"] + 1


@pytest.mark.parametrize("seen", ['"-1"', '"1e3"', "*", "", '"9.0"', '"１"'])
def test_an_if_match_that_names_no_draft_is_refused(editor: TestClient, seen: str) -> None:
    headers = {"If-Match": seen.encode()}
    answer = editor.post(f"{SESSION}/edits", json={"operations": []}, headers=headers)  # type: ignore[arg-type]
    assert answer.status_code == 412


def test_ids_of_what_is_new_are_made_by_the_server_and_later_operations_may_be_about_it(editor: TestClient) -> None:
    file, etag = draft(editor)
    whole = file["highlights"][-1]
    middle = (whole["start"] + whole["end"]) / 2
    added = {"kind": "add", "product_ids": [file["products"][2]["product_id"]], "start": 0.0, "end": 0.15}
    answer = send(editor, etag, added, {"kind": "split", "highlight": whole["id"], "at": middle})
    new_ids = answer.json()["made"]
    shown = {highlight["id"]: highlight for highlight in draft(editor)[0]["highlights"]}
    assert shown[new_ids[0]]["title"] == file["products"][2]["short_name"]
    assert shown[new_ids[1]]["start"] == pytest.approx(middle)
    file, etag = draft(editor)
    undone = [
        {"kind": "merge", "highlight": whole["id"], "others": [new_ids[1]]},
        {"kind": "reject", "highlight": new_ids[0]},
    ]
    assert send(editor, etag, *undone).json()["made"] == [None, None]
    assert new_ids[0] not in {highlight["id"] for highlight in draft(editor)[0]["highlights"]}


@pytest.mark.parametrize(
    ("operation", "where"),
    [
        ({"kind": "approve", "highlight": "hffffffffffff"}, "operations[1]"),
        ({"kind": "add", "product_ids": ["no such"], "start": 1, "end": 2}, "operations[1]"),
        ({"kind": "add", "product_ids": ["730011"], "start": 1, "end": 9999}, "operations[1].end"),
        ({"kind": "add", "product_ids": ["730011"], "start": 2, "end": 1}, "operations[1]"),
        ({"kind": "add", "product_ids": ["730011"], "start": 1, "end": 2, "seek": 2}, "operations[1]"),
        ({"kind": "add", "product_ids": ["730011"], "start": 1, "end": 2, "title": " "}, "operations[1]"),
        ({"kind": "add", "product_ids": ["\ud800"], "start": 1, "end": 2}, "operations[1]"),
        ({"kind": "move", "highlight": "FIRST", "end": 29.9, "seek": 29.9}, "body.operations.1.move"),
        ({"kind": "move", "highlight": "FIRST", "seek": 29.9}, "operations[1]"),
        ({"kind": "retitle", "highlight": "FIRST", "title": "\ud800"}, "body.operations.1.retitle"),
        ({"kind": "retitle", "highlight": "FIRST", "title": "a\0b"}, "body.operations.1.retitle"),
        ({"kind": "retitle", "highlight": "FIRST", "summary": "长" * 2001}, "body.operations.1.retitle"),
        ({"kind": "approve", "highlight": "\udfff"}, "body.operations.1.approve"),
        ({"kind": "split", "highlight": "FIRST", "at": 0.0}, "operations[1]"),
    ],
)
def test_of_operations_with_a_wrong_one_none_is_recorded(
    editor: TestClient, operation: dict[str, Any], where: str
) -> None:
    file, etag = draft(editor)
    first = file["highlights"][0]["id"]
    operation = operation | ({"highlight": first} if operation.get("highlight") == "FIRST" else {})
    answer = send(editor, etag, retitled(first, "不算"), operation)
    assert (answer.status_code, answer.json()["where"]) == (422, where), answer.text
    assert draft(editor)[1] == etag


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-1", "1e308"])
def test_a_time_outside_of_the_replay_is_refused(editor: TestClient, number: str) -> None:
    file, etag = draft(editor)
    operation = f'{{"kind": "move", "highlight": "{file["highlights"][0]["id"]}", "seek": {number}}}'
    headers = {"If-Match": etag, "Content-Type": "application/json"}
    answer = editor.post(f"{SESSION}/edits", content=f'{{"operations": [{operation}]}}', headers=headers)
    assert (answer.status_code, draft(editor)[1]) == (422, etag)


def test_a_refused_highlight_can_be_approved_again(editor: TestClient) -> None:
    file, etag = draft(editor)
    identity = file["highlights"][0]["id"]
    refuse, approve = ({"kind": kind, "highlight": identity} for kind in ("reject", "approve"))
    etag = send(editor, etag, refuse).headers["ETag"]
    assert identity not in {highlight["id"] for highlight in draft(editor)[0]["highlights"]}
    assert identity in {highlight["id"] for highlight in editor.get(f"{SESSION}/draft").json()["refused"]}
    assert send(editor, etag, approve).status_code == 200
    assert identity in {highlight["id"] for highlight in draft(editor)[0]["highlights"]}


def test_a_body_that_is_nested_too_deep_is_refused(editor: TestClient) -> None:
    headers = {"If-Match": '"0"', "Content-Type": "application/json"}
    answer = editor.post(f"{SESSION}/edits", content="[" * 50_000, headers=headers)
    assert (answer.status_code, answer.headers["Content-Type"]) in [
        (status, "application/problem+json") for status in (400, 422)
    ]


def test_more_operations_than_fit_are_refused(editor: TestClient) -> None:
    file, etag = draft(editor)
    answer = send(editor, etag, *[retitled(file["highlights"][0]["id"], "多")] * 201)
    assert (answer.status_code, answer.json()["where"]) == (400, "operations")


def test_publishing_gives_viewers_the_draft_once(editor: TestClient, anyone: TestClient) -> None:
    file, etag = draft(editor)
    send(editor, etag, retitled(file["highlights"][0]["id"], f"发布 {etag}"))
    first, again = (editor.post(f"{SESSION}/publications") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["publication"] == again.json()["publication"]
    assert first.json()["publication"]["published_by"] == "令牌 admin"
    assert anyone.get(first.json()["highlights"]).json()["highlights"][0]["title"] == f"发布 {etag}"
    assert anyone.get(f"{SESSION}/highlights").json()["revision"] == first.json()["publication"]["revision"]


def test_what_does_not_fit_is_told_by_its_place_and_never_repeated(editor: TestClient) -> None:
    for operation in ({"kind": "<script>"}, {"kind": "retitle", "highlight": ["<script>"]}, "<script>"):
        answer = editor.post(f"{SESSION}/edits", json={"operations": [operation]}, headers={"If-Match": '"0"'})
        problem = answer.json()
        assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json")
        assert problem["where"].startswith("body.operations.0")
        assert "script" not in answer.text
