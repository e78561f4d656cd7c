"""The whole page: figures above, then a timeline for each show."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from xml.etree.ElementTree import Element

from learning.evaluation.gold_show import GoldShow
from learning.evaluation.metrics import Predictions
from learning.evaluation.scorecard import ScoreCard, ShowScore
from learning.report.badges import BADGES, labelled_badge, outcome_legend
from learning.report.bars import OutcomeBar, outcome_bars, text_alternative
from learning.report.charts import operating_point_chart, reliability_diagram, risk_coverage_chart
from learning.report.figure import ShowFigure
from learning.report.html_tree import bullet_list, element, line, render_html
from learning.report.tables import (
    LEGEND,
    METRIC_COLUMNS,
    Table,
    ablation_tables,
    confidence_tables,
    discourse_tables,
    format_number,
    interval_tables,
    slice_tables,
    summary_table,
    wrong_catalog_tables,
)
from learning.report.timeline import timeline_element

CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'unsafe-inline'"  # hostile text can load and run nothing
HATCH_SPACING_PX = 6.0
HATCHES = {"wrong": ("hatch-ink", 45), "missed": ("hatch-soft", -45)}
"""By the tone of the bars: class and degrees of the hatch's lines."""

SHOW_METRICS = tuple(METRIC_COLUMNS)[:6]  # in the line above a show's timeline
EVIDENCE_LEGEND = (
    "band: truth of the product; line below: its highlight",
    "tall tick: name said; short tick: a word of its title, or its brand; circle: link number; diamond: price",
    "triangle: pushed by the host; grey bars: clicks and orders; bar on top: seen in the picture",
    "in words below: what spoke for a take and against it, in nats: +0.7 is twice as likely, +2.3 ten times",
    "the paler, the less it says, or the more products share it; dotted line: a truth begins",
)


def render_page(card: ScoreCard, shows: Mapping[str, GoldShow], predictions: Mapping[str, Predictions]) -> str:
    """The page as one HTML document. `predictions`: those of the card's first method, by show."""
    scores = {show.show: show for show in card.methods[0].shows}
    sections = (
        _show_section(f"show-{number}", ShowFigure(show, predictions[name]), scores[name])
        for number, (name, show) in enumerate(shows.items())
    )
    guide = (
        element("h2", "How to read the timelines"),
        outcome_legend(),
        bullet_list(EVIDENCE_LEGEND, "key soft"),
    )
    body = element("body", _hatch_patterns(), *_page_header(card), *_metric_sections(card), *guide, *sections)
    return render_html(element("html", _html_head(), body, lang="en"))


def _html_head() -> Element:
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=CONTENT_SECURITY_POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", "kandian quality"),
        element("style", files("learning.report").joinpath("style.css").read_text(encoding="utf-8")),
    )


def _hatch_patterns() -> Element:
    side = HATCH_SPACING_PX
    patterns = (
        element(
            "pattern",
            line(css_class, (0.0, 0.0), (0.0, side)),
            id=name,
            width=side,
            height=side,
            patternUnits="userSpaceOnUse",
            patternTransform=f"rotate({degrees})",
        )
        for name, (css_class, degrees) in HATCHES.items()
    )
    return element("svg", *patterns, width=0.0, height=0.0, class_="patterns", aria_hidden="true")


def _page_header(card: ScoreCard) -> Iterator[Element]:
    method = card.methods[0]
    counts = method.over_all.counts
    yield element("h1", "kandian quality")
    counts_text = f"{len(method.shows)} shows, {counts.truths} true explanations, {counts.highlights} highlights"
    yield element("p", counts_text, class_="soft")
    links = (
        element("a", f"{show.show} {format_number(show.score.measures.f1_at_70, 2)}", href=f"#show-{number}")
        for number, show in enumerate(method.shows)
    )
    yield element("nav", element("span", "F1@.7 by show:", class_="soft"), *links, aria_label="shows")


def _metric_sections(card: ScoreCard) -> Iterator[Element]:
    yield element("h2", "All shows")
    yield from map(_table_element, (summary_table(card), *ablation_tables(card), *interval_tables(card)))
    yield element("h2", "Confidence")
    error_table, bin_table, threshold_rows = confidence_tables(card)
    columns = (
        ("Is confidence kept? On the diagonal it is", reliability_diagram(card.calibration), bin_table),
        ("Are the surest right?", risk_coverage_chart(card.calibration), error_table),
        ("What if more were published, or less?", operating_point_chart(card.operating_points), threshold_rows),
    )
    charts = (element("div", element("h3", title), chart, _table_element(table)) for title, chart, table in columns)
    yield element("div", *charts, class_="charts")
    yield element("h2", "What kinds of truth are found")
    yield from map(_table_element, slice_tables(card))
    if card.discourse or card.wrong_catalog:
        yield element("h2", "Talk, and a wrong catalogue")
        yield from map(_table_element, (*discourse_tables(card), *wrong_catalog_tables(card)))
    yield element("details", element("summary", "What the columns mean"), bullet_list(LEGEND))


def _table_element(table: Table) -> Element:
    head = element("tr", *(element("th", word, scope="col") for word in (table.name, *table.headings)))
    rows = (element("tr", *(element("td", cell) for cell in row)) for row in table.rows)
    return element("div", element("table", element("thead", head), element("tbody", *rows)), class_="wide")


def _show_section(section_id: str, figure: ShowFigure, score: ShowScore) -> Element:
    bars, metrics = outcome_bars(figure), score.score.measures
    metrics_text = ", ".join(
        f"{METRIC_COLUMNS[name]} {format_number(getattr(metrics, name), 2)}" for name in SHOW_METRICS
    )
    return element(
        "section",
        element("h2", score.show),
        element("p", metrics_text, class_="soft"),
        _outcome_chips("truths", [bar for bar in bars if bar.kind == "truth"]),
        _outcome_chips("highlights", [bar for bar in bars if bar.kind == "highlight"]),
        timeline_element(bars, figure),
        text_alternative(bars, figure),
        id=section_id,
        aria_label=score.show,
    )


def _outcome_chips(name: str, bars: Sequence[OutcomeBar]) -> Element:
    counts = Counter(bar.outcome for bar in bars)
    chips = (labelled_badge(each, f"{each} {counts[each]}", BADGES[each].tone) for each in BADGES if counts[each])
    return bullet_list((f"{len(bars)} {name}", *chips), "chips")
