"""A catalogue of which nothing is shown: what it replaces, and how its dots are counted."""

import json
from pathlib import Path

import pytest

from domain.catalog import Catalog, Product
from domain.clock import Span
from domain.errors import CatalogError, UsageError
from domain.evidence import EventLog, HostEvent
from domain.highlight import Take, Takes
from domain.vision import ProductPhotos
from learning.evaluation.ground_truth import GroundTruth, TrueHighlight
from learning.evaluation.wrong_catalog import (
    WrongCatalog,
    WrongCatalogDots,
    count_dots,
    read_wrong_catalog,
    summarize_dots,
)

OWN = Catalog((Product(product_id="1", title="寿眉饼"), Product(product_id="2", title="盖碗")))
TRUTH = GroundTruth("s", 60.0, (TrueHighlight(0.0, 20.0, ("1",)),))


def wrong(*products: Product) -> WrongCatalog:
    return WrongCatalog(Path("other.json"), Catalog(products), ProductPhotos(()))


def take(start: float) -> Take:
    return Take(("9",), Span(start, start + 10), start, 0.5, 1.0, 1, is_best=True)


def test_a_catalogue_with_a_product_that_is_explained_is_refused() -> None:
    with pytest.raises(UsageError, match=r"--wrong-catalog: other.json holds 1, which is explained in s; name a cata"):
        wrong(Product(product_id="1", title="寿眉饼")).check_differs(OWN, "s", TRUTH)


def test_the_same_id_of_another_product_and_a_product_that_is_not_explained_are_no_reason() -> None:
    wrong(Product(product_id="1", title="牙刷"), Product(product_id="2", title="盖碗")).check_differs(OWN, "s", TRUTH)


def test_it_replaces_catalogue_and_photos_and_leaves_of_the_log_what_names_no_product() -> None:
    other, comment = wrong(Product(product_id="9", title="牙刷")), HostEvent("comment", 3.0, text="好看")
    log = EventLog((HostEvent("product_push", 1.0, product_id="1"), comment))
    assert other.inputs(log) == {Catalog: other.catalog, ProductPhotos: other.photos, EventLog: EventLog((comment,))}


def test_dots_are_counted_by_the_hour() -> None:
    dots = count_dots(Takes((take(0), take(20)), (take(40),)), "s", 1800.0)
    assert dots == WrongCatalogDots("s", 1800.0, 2, 1)
    assert dots.per_hour == 4.0


def test_over_all_shows_dots_and_hours_are_added_up_and_the_worst_has_most_an_hour() -> None:
    shows = (WrongCatalogDots("long", 5400.0, 2, 0), WrongCatalogDots("short", 1800.0, 1, 3))
    scores = summarize_dots(shows)
    assert (scores.per_hour, scores.worst, scores.worst_per_hour) == (1.5, "short", 2.0)
    assert scores.total == WrongCatalogDots("", 7200.0, 3, 3)


def test_the_file_is_a_catalogue_as_any_other(tmp_path: Path) -> None:
    file = tmp_path / "other.json"
    file.write_text(json.dumps({"products": [{"product_id": "9", "title": "牙刷"}]}), encoding="utf-8")
    assert list(read_wrong_catalog(file).catalog.by_id) == ["9"]
    with pytest.raises(CatalogError, match=r"none\.json"):
        read_wrong_catalog(tmp_path / "none.json")
