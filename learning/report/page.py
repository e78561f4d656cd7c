"""The whole page: figures above, then a timeline a show."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from xml.etree.ElementTree import Element

from learning.evaluation.error_types import evaluate_takes, evaluate_truths
from learning.evaluation.gold_show import GoldShow
from learning.evaluation.metrics import Predictions
from learning.evaluation.scorecard import ScoreCard, ShowScore
from learning.evaluation.tables import (
    LEGEND,
    METRIC_COLUMNS,
    Table,
    ablation_tables,
    confidence_tables,
    format_number,
    interval_tables,
    slice_table,
    summary_table,
)
from learning.report.badges import TONE_BY_OUTCOME, EvaluationOutcome, inline_badge, outcome_legend
from learning.report.charts import operating_point_chart, reliability_diagram, risk_coverage_chart
from learning.report.html_tree import Attributes, element, render_html
from learning.report.rows import ShowView
from learning.report.style import STYLE
from learning.report.text_alternative import text_alternative
from learning.report.timeline import timeline_element

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'"  # the page needs nothing, and hostile words get nothing
)
EVIDENCE_LEGEND = (
    "band: truth of the product; line below: its highlight",
    "tall tick: name said; short tick: a word of its title, or its brand; circle: link number; diamond: price",
    "triangle: pushed by the host; grey bars: clicks and orders; bar on top: seen in the picture",
    "the paler, the less it says, or the more products share it; dotted line: a truth begins",
)


def render_page(card: ScoreCard, shows: Mapping[str, GoldShow], predictions: Mapping[str, Predictions]) -> str:
    """The page as one HTML document. `predictions` is what the card's first method found in `shows`."""
    scores = {show.show: show for show in card.methods[0].shows}
    sections = [
        _show_section(f"show-{place}", show, predictions[name], scores[name])
        for place, (name, show) in enumerate(shows.items())
    ]
    body = element(
        "body", {}, _hatch_patterns(), *_page_header(card), *_metric_sections(card), *_reading_guide(), *sections
    )
    return render_html(element("html", {"lang": "en"}, _html_head(), body))


def _html_head() -> Element:
    return element(
        "head",
        {},
        element("meta", {"charset": "utf-8"}),
        element("meta", {"http-equiv": "Content-Security-Policy", "content": CONTENT_SECURITY_POLICY}),
        element("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        element("title", {}, "kandian quality"),
        element("style", {}, STYLE),
    )


def _hatch_patterns() -> Element:
    """The hatches that wrong and missed bars share."""
    return element(
        "svg",
        {"width": 0.0, "height": 0.0, "class": "patterns", "aria-hidden": "true"},
        _hatch_pattern("wrong", "hatch-ink", 6, 45),
        _hatch_pattern("missed", "hatch-soft", 6, -45),
    )


def _hatch_pattern(name: str, css_class: str, spacing_px: float, degrees: float) -> Element:
    pattern_attributes: Attributes = {
        "id": name,
        "width": spacing_px,
        "height": spacing_px,
        "patternUnits": "userSpaceOnUse",
    }
    line = element("line", {"class": css_class, "x1": 0.0, "y1": 0.0, "x2": 0.0, "y2": spacing_px})
    return element("pattern", {**pattern_attributes, "patternTransform": f"rotate({degrees:.0f})"}, line)


def _page_header(card: ScoreCard) -> Iterable[Element]:
    method = card.methods[0]
    counts = method.over_all.counts
    yield element("h1", {}, "kandian quality")
    counts_text = f"{len(method.shows)} shows, {counts.truths} true explanations, {counts.highlights} highlights"
    yield element("p", {"class": "soft"}, counts_text)
    links = (
        element("a", {"href": f"#show-{place}"}, f"{show.show} {format_number(show.score.measures.f1_at_70, 2)}")
        for place, show in enumerate(method.shows)
    )
    yield element("nav", {"aria-label": "shows"}, element("span", {"class": "soft"}, "F1@.7 by show:"), *links)


def _metric_sections(card: ScoreCard) -> Iterable[Element]:
    yield element("h2", {}, "All shows")
    for table in (summary_table(card), *ablation_tables(card), *interval_tables(card)):
        yield _table_element(table)
    yield element("h2", {}, "Confidence")
    error_table, bin_table, threshold_rows = confidence_tables(card)
    columns = (
        ("Is confidence kept? On the diagonal it is", reliability_diagram(card.calibration), bin_table),
        ("Are the surest right?", risk_coverage_chart(card.calibration), error_table),
        ("What if more were published, or less?", operating_point_chart(card.operating_points), threshold_rows),
    )
    yield element("div", {"class": "charts"}, *(_chart_with_table(*column) for column in columns))
    yield element("h2", {}, "What kinds of truth are found")
    yield _table_element(slice_table(card))
    legend = element("ul", {}, *(element("li", {}, line) for line in LEGEND))
    yield element("details", {}, element("summary", {}, "What the columns mean"), legend)


def _chart_with_table(title: str, chart: Element, table: Table) -> Element:
    return element("div", {}, element("h3", {}, title), chart, _table_element(table))


def _reading_guide() -> Iterable[Element]:
    yield element("h2", {}, "How to read the timelines")
    yield outcome_legend()
    yield element("ul", {"class": "key soft"}, *(element("li", {}, line) for line in EVIDENCE_LEGEND))


def _table_element(table: Table) -> Element:
    head = element("tr", {}, *(element("th", {"scope": "col"}, word) for word in (table.name, *table.headings)))
    rows = [element("tr", {}, *(element("td", {}, cell) for cell in row)) for row in table.rows]
    return element(
        "div", {"class": "wide"}, element("table", {}, element("thead", {}, head), element("tbody", {}, *rows))
    )


def _show_section(section_id: str, show: GoldShow, predictions: Predictions, score: ShowScore) -> Element:
    view, truths, takes = (
        ShowView(show, predictions),
        evaluate_truths(show, predictions),
        evaluate_takes(show, predictions),
    )
    metrics = score.score.measures
    metrics_text = ", ".join(
        f"{METRIC_COLUMNS[field]} {format_number(getattr(metrics, field), 2)}" for field in list(METRIC_COLUMNS)[:6]
    )
    return element(
        "section",
        {"id": section_id, "aria-label": score.show},
        element("h2", {}, score.show),
        element("p", {"class": "soft"}, metrics_text),
        _outcome_chips("truths", [each.outcome for each in truths]),
        _outcome_chips("highlights", [each.outcome for each in takes if each.is_published]),
        timeline_element(view, truths, takes),
        text_alternative(view, truths, takes),
    )


def _outcome_chips(name: str, outcomes: Sequence[EvaluationOutcome]) -> Element:
    counts = Counter(outcomes)
    chips = [
        element(
            "li",
            {"class": TONE_BY_OUTCOME[outcome]},
            inline_badge(outcome),
            element("span", {}, f"{outcome} {counts[outcome]}"),
        )
        for outcome in TONE_BY_OUTCOME
        if counts[outcome]
    ]
    return element("ul", {"class": "chips"}, element("li", {}, f"{len(outcomes)} {name}"), *chips)
