"""Ledgers of earlier versions are read as they are, and lose nothing."""

import json
from datetime import UTC, datetime

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from domain.highlight import Highlight, HighlightsFile
from domain.review import Approve, Edit
from pipeline.engine.serialization import type_adapter
from pipeline.ledger.database import open_ledger
from pipeline.ledger.edit_log import read_edits
from pipeline.ledger.migrate import MIGRATIONS_DIR
from pipeline.ledger.publications import find_explanations, read_published

POT = Highlight("h1", ("锅",), 10.0, 60.0, 10.0, 0.64, "铁锅", "", (), (), None, 1, True, "auto")
PUBLISHED_AT = datetime(2026, 11, 11, 20, tzinfo=UTC)
CHANCES = ("product_confidence", "start_confidence")


def without_chances(value: Edit | HighlightsFile) -> str:
    """`value`, which holds highlights, as JSON of a version that had one confidence."""

    def strip(part: object) -> object:
        if isinstance(part, dict):
            return {name: strip(each) for name, each in part.items() if name not in CHANCES}
        return [strip(each) for each in part] if isinstance(part, list) else part

    return json.dumps(strip(type_adapter(type(value)).dump_python(value, mode="json")))


@pytest.fixture
def old_address(address: str) -> str:
    """Of a ledger at 0001, with an approved and published pot."""
    document = HighlightsFile("1.0", "s", 1, 100.0, "zh", "r/master.m3u8", (), (POT,), (), ())
    values = {
        "at": PUBLISHED_AT.replace(tzinfo=None),
        "edit": without_chances(Edit(Approve("approve", "h1"), (POT,))),
        "document": without_chances(document),
    }
    engine = create_engine(address)
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS_DIR).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for statement in (
            "INSERT INTO edits VALUES ('s', 1, :at, 'a', :edit)",
            "INSERT INTO publications VALUES ('s', 1, :at, 'a', 100.0, 1, 'd', :document)",
            "INSERT INTO explanations VALUES ('s', 'h1', '锅', :yes, :yes, 0.64, 10.0, 60.0, 10.0, '铁锅')",
        ):
            connection.execute(text(statement), {**values, "yes": True})
    engine.dispose()
    return address


def test_an_explanation_of_a_version_with_one_confidence_gets_equal_chances(old_address: str) -> None:
    ledger = open_ledger(old_address)
    with ledger.read_transaction() as connection:
        (found,) = find_explanations(connection, "锅", 10)
    ledger.close()
    assert (found.confidence, found.product_confidence, found.start_confidence) == (0.64, 0.8, 0.8)
    assert (found.start, found.end, found.seek, found.title) == (10, 60, 10, "铁锅")


def test_edits_and_publications_of_a_version_with_one_confidence_are_read_whole(old_address: str) -> None:
    ledger = open_ledger(old_address)
    with ledger.read_transaction() as connection:
        edits, published = read_edits(connection, "s").edits, read_published(connection, "s")
    ledger.close()
    assert edits == (Edit(Approve("approve", "h1"), (POT,)),)
    assert published.highlights == (POT,)
