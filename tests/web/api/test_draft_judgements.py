"""Editors see why the machine made a highlight, and choose its runners-up."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from domain.highlight import (
    HighlightsFile,
    MachineTake,
    ProductChance,
    PublicProduct,
    PublishingThresholds,
    StartChance,
    TakeEvidence,
    TakeJudgement,
    TakesFile,
)
from fixtures.api_site import OURS
from pipeline.ledger.location import open_configured_ledger
from pipeline.ledger.tokens import add_token
from pipeline.outputs.highlights_file import highlights_json, takes_json
from web.app import create_app
from web.http.context import AppContext

JUDGEMENT = TakeJudgement(
    evidence=(TakeEvidence("name", 3.2), TakeEvidence("rival", -2.0)),
    other_products=(ProductChance("盖", 0.3),),
    other_starts=(StartChance(31.0, 0.25),),
)
POT = MachineTake(
    *("h1", ("锅",), 10.0, 60.0, 10.0, 0.37, "铁锅", "", (), (), None, 1, True, "auto"),
    product_confidence=0.92,
    start_confidence=0.4,
    judgement=JUDGEMENT,
)
PRODUCTS = tuple(
    PublicProduct(name, None, name, name, "", "", {}, None, None, "CNY", None, None, None) for name in ("锅", "盖")
)
TAKES = TakesFile(
    *("1.0", "s", 0, 100.0, "zh", "replay/master.m3u8", PRODUCTS, (POT,), (), ("盖",)),
    PublishingThresholds(0.5, 0.05, 0.1),
)


@pytest.fixture
def editor(tmp_path: Path) -> Iterator[TestClient]:
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "takes.json").write_bytes(takes_json(TAKES))
    ledger = open_configured_ledger(tmp_path)
    secret = add_token(ledger, "编辑", ["admin"]).secret
    client = TestClient(create_app(AppContext(tmp_path, ledger)), base_url=OURS)
    client.headers["Authorization"] = f"Bearer {secret}"
    yield client
    ledger.close()


def draft(client: TestClient) -> dict[str, Any]:
    answer: dict[str, Any] = client.get("/v1/sessions/s/draft").json()
    return answer


def edit(client: TestClient, *operations: dict[str, Any]) -> int:
    sent = client.post("/v1/sessions/s/edits", json={"operations": operations}, headers={"If-Match": '"0"'})
    return sent.status_code


def test_a_draft_says_which_half_is_unsure_and_why(editor: TestClient) -> None:
    view = draft(editor)
    (highlight,) = view["file"]["highlights"]
    assert (highlight["product_confidence"], highlight["start_confidence"], highlight["confidence"]) == (
        0.92,
        0.4,
        0.37,
    )
    assert view["judgements"]["h1"] == {
        "is_tie": False,
        "evidence": [{"kind": "name", "nats": 3.2}, {"kind": "rival", "nats": -2.0}],
        "other_products": [{"product_id": "盖", "chance": 0.3}],
        "other_starts": [{"seek": 31.0, "chance": 0.25}],
    }
    assert view["thresholds"] == {"product": 0.5, "start": 0.05, "suggestion": 0.1}


def test_a_runner_up_is_chosen_by_the_operations_that_there_are(editor: TestClient) -> None:
    chosen = draft(editor)["judgements"]["h1"]
    product, start = chosen["other_products"][0]["product_id"], chosen["other_starts"][0]["seek"]
    operations = (
        {"kind": "change_product", "highlight": "h1", "product_ids": [product]},
        {"kind": "move", "highlight": "h1", "start": start},
    )
    assert edit(editor, *operations) == 200
    (highlight,) = draft(editor)["file"]["highlights"]
    assert (highlight["product_ids"], highlight["start"], highlight["seek"]) == (["盖"], 31.0, 31.0)
    assert (highlight["status"], highlight["product_confidence"]) == ("edited", 0.92)


def test_results_of_an_earlier_version_have_a_draft_without_reasons(editor: TestClient, tmp_path: Path) -> None:
    fields = {name: getattr(TAKES, name) for name in HighlightsFile.__dataclass_fields__}
    plain = HighlightsFile(**fields)
    old = replace(plain, highlights=())
    (tmp_path / "s" / "takes.json").write_bytes(highlights_json(old))
    view = draft(editor)
    assert (view["judgements"], view["thresholds"]) == ({}, None)
