"""docs/schema: what outsiders rely on is what kandian writes."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter

from domain.clock import Cut, Span
from domain.errors import InputError
from domain.highlight import Highlight, HighlightsFile, Moment, PublicProduct, Reason
from domain.speech import Sentence, Transcript
from pipeline.inputs.captions import import_captions
from pipeline.outputs.highlights_file import highlights_json, read_highlights
from pipeline.outputs.json_schema import schema_texts, write_schemas
from pipeline.outputs.report import ReplayReport, Report, StageCost

FOLDER = Path(__file__).parents[3] / "docs" / "schema"


@pytest.fixture
def highlights() -> HighlightsFile:
    highlight = Highlight(
        id="h0123456789ab",
        product_ids=("730013", "730014"),
        start=11.2,
        end=57.4,
        seek=11.2,
        confidence=0.91,
        title="珀莱雅 双抗精华",
        summary="熬夜之后脸色发暗，用它。",
        moments=(Moment("price", 30.5, "一百六十九块九"),),
        reasons=(Reason("name", 12.0, 13.1, "听到“双抗精华”"),),
        thumbnail=None,
        take=1,
        best_take=True,
        status="auto",
    )
    product = PublicProduct(
        product_id="730013",
        link_no=3,
        title="珀莱雅双抗精华液3.0",
        short_name="双抗精华",
        brand="珀莱雅",
        category="美妆/精华",
        attributes={"规格": "30ml"},
        price=169.9,
        list_price=None,
        currency="CNY",
        image="images/730013.jpg",
        url=None,
        service_url=None,
    )
    return HighlightsFile(
        schema_version="1.0",
        session_id="周末专场",
        revision=0,
        duration=177.841,
        language="zh",
        replay="replay/master.m3u8",
        products=(product,),
        highlights=(highlight,),
        suggestions=(),
        unexplained=("730014",),
    )


def schema(name: str) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return parsed


def complaints(name: str, document: bytes) -> list[str]:
    return [error.message for error in Draft202012Validator(schema(name)).iter_errors(json.loads(document))]


def test_the_committed_schemas_are_what_the_code_says() -> None:
    committed = {file.name: file.read_text(encoding="utf-8") for file in FOLDER.iterdir()}

    assert committed == schema_texts(), "run: make schema"


def test_writing_makes_a_file_for_each_schema(tmp_path: Path) -> None:
    write_schemas(tmp_path)

    assert {file.name: file.read_text(encoding="utf-8") for file in tmp_path.iterdir()} == schema_texts()


@pytest.mark.parametrize("name", sorted(schema_texts()))
def test_a_schema_is_valid_json_schema_and_explains_itself(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))

    classes = [schema(name), *schema(name).get("$defs", {}).values()]
    assert [each["title"] for each in classes if not each["description"]] == []


def test_highlights_as_kandian_writes_them_fit_the_schema(highlights: HighlightsFile) -> None:
    assert complaints("highlights-1.0.json", highlights_json(highlights)) == []


@pytest.mark.parametrize("field", ["seek", "thumbnail", "status", "product_ids"])
def test_highlights_that_lack_a_field_do_not_fit_the_schema(highlights: HighlightsFile, field: str) -> None:
    document = json.loads(highlights_json(highlights))
    del document["highlights"][0][field]

    assert complaints("highlights-1.0.json", json.dumps(document).encode()) == [f"'{field}' is a required property"]


def test_what_the_schema_refuses_kandian_refuses_too(highlights: HighlightsFile, tmp_path: Path) -> None:
    document = json.loads(highlights_json(highlights))
    document["highlights"][0]["status"] = "done"
    file = tmp_path / "highlights.json"
    file.write_text(json.dumps(document), encoding="utf-8")

    assert complaints("highlights-1.0.json", file.read_bytes())
    with pytest.raises(InputError, match="status"):
        read_highlights(file)


def test_a_report_as_kandian_writes_it_fits_the_schema() -> None:
    report = Report(
        schema_version="1.0",
        session_id="周末专场",
        duration=177.841,
        stages=(StageCost("probe", 1, 1, 1.0, 0.3, 73.6),),
        cpu_seconds=0.3,
        peak_memory_mb=73.6,
        replay=ReplayReport(720, 1280, 2_000_000, 90.0),
        cuts=(Cut(12.0, 3.5, "nothing was recorded (file 1)"),),
        warnings=("events.jsonl: 1 event is set aside",),
        versions={"kandian": "0.1.0"},
        artefacts={"Timeline": "0" * 24},
    )

    assert complaints("report-1.0.json", TypeAdapter(Report).dump_json(report)) == []


def test_a_transcript_that_fits_the_schema_is_accepted_as_captions(tmp_path: Path) -> None:
    sentence = Sentence.with_even_timing(Span(1.0, 3.0), "三号链接双抗精华")
    transcript = Transcript("zh", "speech", (sentence,), (Span(5.0, 6.0),))
    file = tmp_path / "captions.json"
    file.write_bytes(TypeAdapter(Transcript).dump_json(transcript))

    assert complaints("transcript-1.0.json", file.read_bytes()) == []
    read = import_captions(file)
    assert (read.captions.captions[0].text, read.warnings) == (sentence.text, ())
