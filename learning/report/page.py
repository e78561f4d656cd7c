"""The whole page: figures above, then a timeline a show."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from xml.etree.ElementTree import Element

from learning.evaluation.error_types import judged_takes, judged_truths
from learning.evaluation.gold_show import GoldShow
from learning.evaluation.metrics import Found
from learning.evaluation.scorecard import ScoreCard, ShowScore
from learning.evaluation.tables import (
    COLUMNS,
    LEGEND,
    Table,
    ablation_tables,
    confidence_tables,
    interval_tables,
    kinds,
    number,
    summary,
)
from learning.report.badges import TONES, Verdict, inline_badge, key
from learning.report.charts import operating_chart, reliability_diagram, risk_coverage_chart
from learning.report.html_tree import Attributes, element, html_of
from learning.report.rows import Cast
from learning.report.style import STYLE
from learning.report.text_alternative import in_words
from learning.report.timeline import timeline

POLICY = "default-src 'none'; style-src 'unsafe-inline'"  # the page needs nothing, and hostile words get nothing
EVIDENCE_KEY = (
    "band: truth of the product; line below: its highlight",
    "tall tick: name said; short tick: a word of its title, or its brand; circle: link number; diamond: price",
    "triangle: pushed by the host; grey bars: clicks and orders; bar on top: seen in the picture",
    "the paler, the less it says, or the more products share it; dotted line: a truth begins",
)


def page_of(card: ScoreCard, shows: Mapping[str, GoldShow], found: Mapping[str, Found]) -> str:
    """The page as one HTML document. `found` is what the card's first method found in `shows`."""
    scores = {show.show: show for show in card.methods[0].shows}
    sections = [
        _show(f"show-{place}", show, found[name], scores[name]) for place, (name, show) in enumerate(shows.items())
    ]
    body = element("body", {}, _patterns(), *_head(card), *_figures(card), *_reading(), *sections)
    return html_of(element("html", {"lang": "en"}, _meta(), body))


def _meta() -> Element:
    return element(
        "head",
        {},
        element("meta", {"charset": "utf-8"}),
        element("meta", {"http-equiv": "Content-Security-Policy", "content": POLICY}),
        element("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        element("title", {}, "kandian quality"),
        element("style", {}, STYLE),
    )


def _patterns() -> Element:
    """The hatches that wrong and missed bars share."""
    return element(
        "svg",
        {"width": 0.0, "height": 0.0, "class": "patterns", "aria-hidden": "true"},
        _hatch("wrong", "hatch-ink", 6, 45),
        _hatch("missed", "hatch-soft", 6, -45),
    )


def _hatch(name: str, ink: str, step: float, degrees: float) -> Element:
    frame: Attributes = {"id": name, "width": step, "height": step, "patternUnits": "userSpaceOnUse"}
    line = element("line", {"class": ink, "x1": 0.0, "y1": 0.0, "x2": 0.0, "y2": step})
    return element("pattern", {**frame, "patternTransform": f"rotate({degrees:.0f})"}, line)


def _head(card: ScoreCard) -> Iterable[Element]:
    method = card.methods[0]
    counts = method.over_all.counts
    yield element("h1", {}, "kandian quality")
    words = f"{len(method.shows)} shows, {counts.truths} true explanations, {counts.highlights} highlights"
    yield element("p", {"class": "soft"}, words)
    links = (
        element("a", {"href": f"#show-{place}"}, f"{show.show} {number(show.score.measures.f1_at_70, 2)}")
        for place, show in enumerate(method.shows)
    )
    yield element("nav", {"aria-label": "shows"}, element("span", {"class": "soft"}, "F1@.7 by show:"), *links)


def _figures(card: ScoreCard) -> Iterable[Element]:
    yield element("h2", {}, "All shows")
    for table in (summary(card), *ablation_tables(card), *interval_tables(card)):
        yield _table(table)
    yield element("h2", {}, "Confidence")
    errors, bins, thresholds = confidence_tables(card)
    columns = (
        ("Is confidence kept? On the diagonal it is", reliability_diagram(card.calibration), bins),
        ("Are the surest right?", risk_coverage_chart(card.calibration), errors),
        ("What if more were published, or less?", operating_chart(card.operating_points), thresholds),
    )
    yield element("div", {"class": "charts"}, *(_chart(*column) for column in columns))
    yield element("h2", {}, "What kinds of truth are found")
    yield _table(kinds(card))
    legend = element("ul", {}, *(element("li", {}, line) for line in LEGEND))
    yield element("details", {}, element("summary", {}, "What the columns mean"), legend)


def _chart(title: str, chart: Element, table: Table) -> Element:
    return element("div", {}, element("h3", {}, title), chart, _table(table))


def _reading() -> Iterable[Element]:
    yield element("h2", {}, "How to read the timelines")
    yield key()
    yield element("ul", {"class": "key soft"}, *(element("li", {}, line) for line in EVIDENCE_KEY))


def _table(table: Table) -> Element:
    head = element("tr", {}, *(element("th", {"scope": "col"}, word) for word in (table.name, *table.headings)))
    rows = [element("tr", {}, *(element("td", {}, cell) for cell in row)) for row in table.rows]
    return element(
        "div", {"class": "wide"}, element("table", {}, element("thead", {}, head), element("tbody", {}, *rows))
    )


def _show(place: str, show: GoldShow, found: Found, score: ShowScore) -> Element:
    cast, truths, takes = Cast(show, found), judged_truths(show, found), judged_takes(show, found)
    measured = score.score.measures
    figures = ", ".join(f"{COLUMNS[field]} {number(getattr(measured, field), 2)}" for field in list(COLUMNS)[:6])
    return element(
        "section",
        {"id": place, "aria-label": score.show},
        element("h2", {}, score.show),
        element("p", {"class": "soft"}, figures),
        _chips("truths", [each.verdict for each in truths]),
        _chips("highlights", [each.verdict for each in takes if each.is_published]),
        timeline(cast, truths, takes),
        in_words(cast, truths, takes),
    )


def _chips(name: str, verdicts: Sequence[Verdict]) -> Element:
    counts = Counter(verdicts)
    chips = [
        element(
            "li",
            {"class": TONES[verdict]},
            inline_badge(verdict),
            element("span", {}, f"{verdict} {counts[verdict]}"),
        )
        for verdict in TONES
        if counts[verdict]
    ]
    return element("ul", {"class": "chips"}, element("li", {}, f"{len(verdicts)} {name}"), *chips)
