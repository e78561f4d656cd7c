"""Elements of HTML and SVG. Text and attributes are escaped where the tree is written, so nothing can be forgotten."""

from collections.abc import Mapping
from typing import TypeAlias
from xml.etree.ElementTree import Element, tostring

from kandian.terminal.cells import printable

Attributes: TypeAlias = Mapping[str, str | float]
NOTHING: Attributes = {}


def element(tag: str, attributes: Attributes = NOTHING, *children: Element | str) -> Element:
    """An element. Strangers' words lose what could turn the line around or hide itself; line breaks stay."""
    made = Element(tag, {name: _value(value) for name, value in attributes.items()})
    for child in children:
        if isinstance(child, str):
            _append_text(made, "\n".join(map(printable, child.split("\n"))))
        else:
            made.append(child)
    return made


def _value(value: str | float) -> str:
    """Pixels to a tenth: finer is not seen."""
    return printable(value) if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")


def _append_text(parent: Element, text: str) -> None:
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def titled(made: Element, *lines: str) -> Element:
    """`made` with a hover title of these lines; empty ones are left out."""
    made.insert(0, element("title", NOTHING, "\n".join(line for line in lines if line)))
    return made


def html_of(root: Element) -> str:
    """The whole document as text."""
    return "<!doctype html>\n" + tostring(root, encoding="unicode", method="html") + "\n"
