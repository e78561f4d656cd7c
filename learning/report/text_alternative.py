"""What hovering over a timeline tells, as lists: for screens that cannot hover, and for reading aloud."""

from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element

from kandian.terminal.cells import clock
from learning.evaluation.error_types import JudgedTake, JudgedTruth
from learning.report.badges import Verdict, inline_badge
from learning.report.bar_rows import said_error
from learning.report.html_tree import element
from learning.report.rows import Cast, excerpt


def in_words(cast: Cast, truths: Sequence[JudgedTruth], takes: Sequence[JudgedTake]) -> Element:
    """Truth by truth and take by take, folded away."""
    true = [
        _line(
            each.verdict,
            f"{clock(each.truth.start)} {cast.names(each.truth.product_ids)}",
            f"{each.verdict} {said_error(each.start_error)}",
            excerpt(cast.show.transcript, each.truth.span),
        )
        for each in truths
    ]
    found = [
        _line(
            each.verdict,
            f"{clock(each.take.seek)} {cast.names(each.take.product_ids)}",
            f"{each.verdict} {said_error(each.start_error)}",
            f"{'highlight' if each.is_published else 'suggestion'}, confidence {each.take.confidence:.2f}",
        )
        for each in takes
    ]
    lists = element("div", {"class": "charts"}, _list("Truths", true), _list("Highlights and suggestions", found))
    return element("details", {}, element("summary", {}, "In words"), lists)


def _line(verdict: Verdict, what: str, verdict_said: str, more: str) -> Element:
    words = [element("b", {}, what), element("span", {}, verdict_said), element("span", {"class": "soft"}, more)]
    return element("li", {}, inline_badge(verdict), element("div", {}, *words))


def _list(title: str, lines: Iterable[Element]) -> Element:
    return element("div", {}, element("h3", {}, title), element("ul", {"class": "words"}, *lines))
