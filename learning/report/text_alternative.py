"""What hovering over a timeline tells, as lists: for screens that cannot hover, and for reading aloud."""

from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element

from domain.text import format_hms
from learning.evaluation.error_types import EvaluatedTake, EvaluatedTruth
from learning.report.badges import EvaluationOutcome, inline_badge
from learning.report.bar_rows import format_start_error
from learning.report.html_tree import element
from learning.report.rows import ShowView, excerpt


def text_alternative(view: ShowView, truths: Sequence[EvaluatedTruth], takes: Sequence[EvaluatedTake]) -> Element:
    """Truth by truth and take by take, folded away."""
    truth_items = [
        _list_item(
            each.outcome,
            f"{format_hms(each.truth.start)} {view.product_labels(each.truth.product_ids)}",
            f"{each.outcome} {format_start_error(each.start_error)}",
            excerpt(view.show.transcript, each.truth.span),
        )
        for each in truths
    ]
    take_items = [
        _list_item(
            each.outcome,
            f"{format_hms(each.take.seek)} {view.product_labels(each.take.product_ids)}",
            f"{each.outcome} {format_start_error(each.start_error)}",
            f"{'highlight' if each.is_published else 'suggestion'}, confidence {each.take.confidence:.2f}",
        )
        for each in takes
    ]
    lists = element(
        "div",
        {"class": "charts"},
        _titled_list("Truths", truth_items),
        _titled_list("Highlights and suggestions", take_items),
    )
    return element("details", {}, element("summary", {}, "In words"), lists)


def _list_item(outcome: EvaluationOutcome, heading: str, outcome_text: str, detail: str) -> Element:
    parts = [element("b", {}, heading), element("span", {}, outcome_text), element("span", {"class": "soft"}, detail)]
    return element("li", {}, inline_badge(outcome), element("div", {}, *parts))


def _titled_list(title: str, lines: Iterable[Element]) -> Element:
    return element("div", {}, element("h3", {}, title), element("ul", {"class": "words"}, *lines))
