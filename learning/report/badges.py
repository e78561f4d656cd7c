"""Badges of outcomes: each outcome has its own shape, so that colour is never the only sign."""

from dataclasses import dataclass
from typing import Literal, TypeAlias
from xml.etree.ElementTree import Element

from learning.evaluation.error_types import TakeOutcome, TruthOutcome
from learning.report.html_tree import bullet_list, element

EvaluationOutcome: TypeAlias = TakeOutcome | TruthOutcome
OutcomeTone: TypeAlias = Literal["right", "off", "wrong", "missed", "ignored"]

BADGE_RADIUS_PX = 7.0


@dataclass(frozen=True, slots=True)
class BadgeStyle:
    """`tone`: the colour's class. `icon`: SVG path around the middle of the badge. `meaning`: for the legend."""

    tone: OutcomeTone
    icon: str
    meaning: str = ""


TICK = "M-3.5 .3 L-1 3 L3.5 -2.6"
BADGES: dict[EvaluationOutcome, BadgeStyle] = {
    "right": BadgeStyle("right", TICK, "a viewer lands on the beginning (from 5 s before to 10 s after)"),
    "found": BadgeStyle("right", TICK),
    "early": BadgeStyle("off", "M3.5 0 L-3.5 0 M-.8 -2.8 L-3.5 0 L-.8 2.8", "right product, lands too early"),
    "late": BadgeStyle("off", "M-3.5 0 L3.5 0 M.8 -2.8 L3.5 0 L.8 2.8", "right product, lands too late"),
    "suggested": BadgeStyle(
        "off",
        "M-2.2 -1.8 Q-2 -3.8 0 -3.8 Q2.3 -3.8 2.3 -1.9 Q2.3 -.6 0 .7 L0 1.4 M0 3.7 L0 3.8",
        "only a suggestion is about it",
    ),
    "near-duplicate": BadgeStyle(
        "wrong",
        "M-3.2 -1.5 L3.2 -1.5 M-3.2 1.5 L3.2 1.5 M-1.8 3.8 L1.8 -3.8",
        "a near-duplicate of the product is explained there",
    ),
    "wrong product": BadgeStyle("wrong", "M-2.7 -2.7 L2.7 2.7 M2.7 -2.7 L-2.7 2.7", "another one is explained there"),
    "false": BadgeStyle("wrong", "M0 -3.8 L0 .8 M0 3.6 L0 3.7", "nothing is explained there"),
    "missed": BadgeStyle("missed", "M-3.2 0 L3.2 0", "nothing is about it"),
    "not counted": BadgeStyle("ignored", "M-2.5 0 L-2.4 0 M2.4 0 L2.5 0", "in a stretch that the truth ignores"),
}
"""In the order of the legend and of the counts."""

LEGEND_ORDER: tuple[EvaluationOutcome, ...] = (
    *("right", "early", "late", "near-duplicate", "wrong product", "false", "suggested", "missed", "not counted"),
)


def badge(outcome: EvaluationOutcome, x: float, y: float) -> Element:
    """The badge of `outcome` around (x, y)."""
    style = BADGES[outcome]
    disc = element("circle", class_=f"badge {style.tone}", r=BADGE_RADIUS_PX)
    return element("g", disc, element("path", class_="sign", d=style.icon), transform=f"translate({x:.1f} {y:.1f})")


def labelled_badge(outcome: EvaluationOutcome, text: str, css_class: str = "") -> Element:
    """A list item: the badge of `outcome`, and `text`, which says the same."""
    return element("li", inline_badge(outcome), element("span", text), class_=css_class)


def inline_badge(outcome: EvaluationOutcome) -> Element:
    """The badge of `outcome` in running text."""
    side = 2 * BADGE_RADIUS_PX + 2
    return element("svg", badge(outcome, side / 2, side / 2), width=side, height=side, aria_hidden="true")


def outcome_legend() -> Element:
    """What the badges mean."""
    items = [labelled_badge(outcome, f"{outcome}: {BADGES[outcome].meaning}") for outcome in LEGEND_ORDER]
    return bullet_list(items, "key")
