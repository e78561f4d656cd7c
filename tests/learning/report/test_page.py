"""The page is complete and harmless, and shows what went wrong."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from domain.catalog import Catalog, Product
from domain.clock import Span
from domain.evidence import Mention, Mentions
from domain.speech import Sentence, Transcript
from domain.vision import Sighting, Sightings
from learning.evaluation.discourse_auc import DiscourseAuc, ShowDiscourseAuc, summarize_discourse
from learning.evaluation.gold_show import GoldShow, ProductEvent
from learning.evaluation.ground_truth import GroundTruth, TrueHighlight
from learning.evaluation.metrics import Prediction, Predictions
from learning.evaluation.scorecard import build_score_card
from learning.evaluation.wrong_catalog import WrongCatalogDots, summarize_dots
from learning.report.page import render_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HOSTILE = '</title></svg><script>alert(1)</script><img src=x onerror="alert(2)">\x00\u202e&amp;"\''
CATALOG = Catalog(
    (
        Product(product_id="a", title=f"云朵面霜{HOSTILE}", short_name=f"面霜{HOSTILE}", link_no=3),
        Product(product_id="b", title="声波电动牙刷"),
        Product(product_id="never", title="没人讲的收纳箱"),
    )
)
TRUTH = GroundTruth(
    "s", 300.0, (TrueHighlight(10.0, 60.0, ("a",)), TrueHighlight(100.0, 160.0, ("b",))), (Span(200, 210),)
)
REASONS = (
    "product 0.31 · start 0.32",
    "not published: product 0.31 < 0.50",
    f"for: named +1.2 {HOSTILE}",
    "against: next product -2.0",
)
FOUND = Predictions(
    (Prediction(Span(40, 60), ("a",), 40.0, 0.9), Prediction(Span(250, 270), ("b",), 250.0, 0.4)),
    (Prediction(Span(100, 150), ("b",), 100.0, 0.1, REASONS),),
)


def gold() -> GoldShow:
    return GoldShow(
        TRUTH,
        CATALOG,
        Transcript("zh", "speech", (Sentence.with_even_timing(Span(11, 15), f"宝宝们看这个面霜{HOSTILE}"),)),
        Mentions((Mention("name", ("a",), Span(12, 13), 0, f"面霜{HOSTILE}", 3.0),)),
        (ProductEvent("product_push", 20.0, "a"), ProductEvent("product_click", 30.0, "a")),
        Sightings((Sighting("card", ("b",), Span(110, 130), HOSTILE, 2.0),)),
    )


def page(name: str = "周末专场", found: Predictions = FOUND) -> str:
    shows, ours = {name: gold()}, {name: found}
    return render_page(build_score_card(shows, {"kandian": ours}), shows, ours)


class Seen(HTMLParser):
    """What a browser would see: tags, attributes, and the text of each tag."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_hostile_words_stay_words() -> None:
    seen = Seen(page(name=f"show {HOSTILE}"))
    assert {"script", "img"} & set(seen.tags) == set()
    assert [name for name, _ in seen.attributes if name.startswith("on")] == []
    assert any("<script>alert(1)</script>" in text for text in seen.texts)
    assert not any("\x00" in text or "\u202e" in text for text in seen.texts)


def test_the_page_needs_nothing_from_anywhere() -> None:
    seen = Seen(page())
    addresses = [value for name, value in seen.attributes if name in ("src", "href", "xlink:href", "action", "data")]
    assert [address for address in addresses if not address.startswith("#")] == []
    assert {"link", "script", "iframe", "object"} & set(seen.tags) == set()
    assert re.findall(r"url\((?!#)|@import", page()) == []
    assert ("content", "default-src 'none'; style-src 'unsafe-inline'") in seen.attributes


def test_every_place_that_is_pointed_to_is_there_once() -> None:
    text = page()
    ids = [value for name, value in Seen(text).attributes if name == "id"]
    wanted = set(re.findall(r'(?:href="#|url\(#)([\w-]+)', text))
    assert len(ids) == len(set(ids))
    assert wanted <= set(ids)


def titles(text: str) -> list[str]:
    return re.findall(r"<title>([^<]*)</title>", text)


@pytest.mark.parametrize(
    "words",
    [
        r"truth: 3 面霜.*\na 云朵面霜.*\n0:00:10 to 0:01:00, 50 s\nlate \+30 s\n“宝宝们看这个面霜",
        r"truth: 声波电动牙刷\n.*\n.*\nsuggested",
        r"highlight: 声波电动牙刷\n.*\n0:04:10 to 0:04:30, 20 s, confidence 0.40\nfalse",
        r"suggestion: 声波电动牙刷\n.*\n.*, confidence 0.10\nright \+0 s\nproduct 0.31 · start 0.32\nnot published",
        r"0:00:12 name, 3.0 nats\n面霜",
        r"0:00:20 product_push",
        r"0:00:30 1 clicks, orders and the like in 10 s",
        r"0:01:50 card seen, 2.0 nats",
        r"ignored",
    ],
)
def test_hovering_tells(words: str) -> None:
    assert any(re.match(words, title) for title in titles(page())), titles(page())


def test_what_spoke_for_a_take_and_against_it_stands_below_in_words_too() -> None:
    texts = [re.sub(r"\s+", " ", text) for text in Seen(page()).texts]
    assert texts.index("not published: product 0.31 < 0.50") < texts.index("against: next product -2.0")


def test_only_products_of_truth_or_takes_have_a_lane() -> None:
    assert "没人讲的收纳箱" not in page()


def test_a_product_that_the_catalogue_does_not_know_is_shown_by_its_id() -> None:
    found = Predictions((Prediction(Span(40, 60), ("gone",), 40.0, 0.9),))
    assert any(title.startswith("highlight: gone\ngone is not in the catalogue") for title in titles(page(found=found)))


def test_talk_and_a_wrong_catalogue_have_their_tables_where_they_were_measured() -> None:
    shows, ours = {"s": gold()}, {"s": FOUND}
    card = build_score_card(shows, {"kandian": ours})
    discourse = summarize_discourse([ShowDiscourseAuc("s", DiscourseAuc(0.5, 0.5))])
    measured = replace(card, discourse=discourse, wrong_catalog=summarize_dots([WrongCatalogDots("s", 60.0, 0, 0)]))
    assert {"AUC of talk", "wrong catalogue"} <= set(Seen(render_page(measured, shows, ours)).texts)
    assert {"AUC of talk", "wrong catalogue"}.isdisjoint(Seen(page()).texts)


def test_a_show_in_which_nothing_was_found_has_a_page() -> None:
    assert ">missed 2<" in page(found=Predictions())


SIZES = """() => { const root = document.documentElement, box = document.querySelector('.scroll'); return {
    page: root.scrollWidth - root.clientWidth, timeline: box.scrollWidth - box.clientWidth,
    ground: getComputedStyle(document.body).backgroundColor } }"""


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (360, "dark"), (1280, "light")])
def test_in_chromium_nothing_complains_and_only_the_timeline_scrolls_sideways(
    width: int, scheme: Literal["light", "dark"], browser: "Browser", tmp_path: Path
) -> None:
    file = tmp_path / "page.html"
    file.write_text(page(name=f"a show of a long name {HOSTILE}"), encoding="utf-8")
    complaints: list[str] = []
    tab = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("dialog", lambda dialog: complaints.append(dialog.message))
    tab.on("requestfailed", lambda request: complaints.append(request.url))
    tab.goto(file.as_uri())
    tab.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    sizes = tab.evaluate(SIZES)
    tab.close()
    assert complaints == []
    assert sizes["page"] <= 0
    assert (sizes["timeline"] > 0) == (width == 360)
    assert sizes["ground"] == {"light": "rgb(255, 255, 255)", "dark": "rgb(22, 24, 28)"}[scheme]
