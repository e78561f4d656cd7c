"""Elements of HTML and SVG. Text and attributes are escaped where the tree is written, so nothing can be forgotten."""

from collections.abc import Mapping
from typing import TypeAlias
from xml.etree.ElementTree import Element, tostring

from domain.text import printable

Attributes: TypeAlias = Mapping[str, str | float]
NO_ATTRIBUTES: Attributes = {}


def element(tag: str, attributes: Attributes = NO_ATTRIBUTES, *children: Element | str) -> Element:
    """An element. Strangers' words lose what could turn the line around or hide itself; line breaks stay."""
    node = Element(tag, {name: _attribute_text(value) for name, value in attributes.items()})
    for child in children:
        if isinstance(child, str):
            _append_text(node, "\n".join(map(printable, child.split("\n"))))
        else:
            node.append(child)
    return node


def _attribute_text(value: str | float) -> str:
    """Pixels to a tenth: finer is not seen."""
    return printable(value) if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")


def _append_text(parent: Element, text: str) -> None:
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def with_tooltip(node: Element, *lines: str) -> Element:
    """`node` with a hover title of these lines; empty ones are left out."""
    node.insert(0, element("title", NO_ATTRIBUTES, "\n".join(line for line in lines if line)))
    return node


def render_html(root: Element) -> str:
    """The whole document as text."""
    return "<!doctype html>\n" + tostring(root, encoding="unicode", method="html") + "\n"
