"""The signs of verdicts: each has a shape of its own, so that colour is never the only word."""

from typing import Literal, TypeAlias
from xml.etree.ElementTree import Element

from learning.evaluation.error_types import TakeOutcome, TruthOutcome
from learning.report.html_tree import element

EvaluationOutcome: TypeAlias = TakeOutcome | TruthOutcome
OutcomeTone: TypeAlias = Literal["right", "off", "wrong", "missed", "ignored"]

BADGE_RADIUS_PX = 7.0  # px
TONE_BY_OUTCOME: dict[EvaluationOutcome, OutcomeTone] = {
    "right": "right",
    "found": "right",
    "early": "off",
    "late": "off",
    "suggested": "off",
    "near-duplicate": "wrong",
    "wrong product": "wrong",
    "false": "wrong",
    "missed": "missed",
    "not counted": "ignored",
}
ICON_PATHS: dict[EvaluationOutcome, str] = {
    "right": "M-3.5 .3 L-1 3 L3.5 -2.6",
    "found": "M-3.5 .3 L-1 3 L3.5 -2.6",
    "early": "M3.5 0 L-3.5 0 M-.8 -2.8 L-3.5 0 L-.8 2.8",
    "late": "M-3.5 0 L3.5 0 M.8 -2.8 L3.5 0 L.8 2.8",
    "suggested": "M-2.2 -1.8 Q-2 -3.8 0 -3.8 Q2.3 -3.8 2.3 -1.9 Q2.3 -.6 0 .7 L0 1.4 M0 3.7 L0 3.8",
    "near-duplicate": "M-3.2 -1.5 L3.2 -1.5 M-3.2 1.5 L3.2 1.5 M-1.8 3.8 L1.8 -3.8",
    "wrong product": "M-2.7 -2.7 L2.7 2.7 M2.7 -2.7 L-2.7 2.7",
    "false": "M0 -3.8 L0 .8 M0 3.6 L0 3.7",
    "missed": "M-3.2 0 L3.2 0",
    "not counted": "M-2.5 0 L-2.4 0 M2.4 0 L2.5 0",
}
"""Strokes around the middle of the badge: a tick, arrows, a question mark, unequal, a cross, "!", a dash, dots."""

OUTCOME_MEANINGS: dict[EvaluationOutcome, str] = {
    "right": "right: a viewer lands on the beginning (from 5 s before to 10 s after)",
    "early": "early: right product, lands too early",
    "late": "late: right product, lands too late",
    "near-duplicate": "near-duplicate: a near-duplicate of the product is explained there",
    "wrong product": "wrong product: another one is explained there",
    "false": "false: nothing is explained there",
    "suggested": "suggested: only a suggestion is about it",
    "missed": "missed: nothing is about it",
    "not counted": "not counted: in a stretch that the truth ignores",
}


def badge(outcome: EvaluationOutcome, x: float, y: float) -> Element:
    """The sign of `outcome` around (x, y)."""
    translation = f"translate({x:.1f} {y:.1f})"
    return element(
        "g",
        {"transform": translation},
        element("circle", {"class": f"badge {TONE_BY_OUTCOME[outcome]}", "r": BADGE_RADIUS_PX}),
        element("path", {"class": "sign", "d": ICON_PATHS[outcome]}),
    )


def inline_badge(outcome: EvaluationOutcome) -> Element:
    """The sign of `outcome` among words, which say the same."""
    side = 2 * BADGE_RADIUS_PX + 2
    return element("svg", {"width": side, "height": side, "aria-hidden": "true"}, badge(outcome, side / 2, side / 2))


def outcome_legend() -> Element:
    """What the signs mean."""
    return element(
        "ul",
        {"class": "key"},
        *(
            element(
                "li",
                {},
                inline_badge(outcome),
                element("span", {}, meaning),
            )
            for outcome, meaning in OUTCOME_MEANINGS.items()
        ),
    )
