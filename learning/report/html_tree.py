"""HTML and SVG elements. Text and attributes are escaped where the tree is written, so nothing can be forgotten."""

from collections.abc import Iterable
from xml.etree.ElementTree import Element, tostring

from domain.text import printable


def element(tag: str, *children: Element | str, **attributes: str | float) -> Element:
    """An element. `attributes`: `text_anchor` is text-anchor, `class_` is class; empty ones are left out.

    Text from outside loses characters that reverse or hide text; line breaks stay.
    """
    written = {name.rstrip("_").replace("_", "-"): _attribute_text(value) for name, value in attributes.items()}
    node = Element(tag, {name: text for name, text in written.items() if text})
    for child in children:
        if isinstance(child, Element):
            node.append(child)
        else:
            _append_text(node, "\n".join(map(printable, child.split("\n"))))
    return node


def mark(tag: str, *tooltip_lines: str, **attributes: str | float) -> Element:
    """A shape with a hover title of these lines; empty ones are left out."""
    return element(tag, element("title", "\n".join(filter(None, tooltip_lines))), **attributes)


def line(css_class: str, start: tuple[float, float], end: tuple[float, float]) -> Element:
    """A line between two points, (x, y) in pixels."""
    return element("line", class_=css_class, x1=start[0], y1=start[1], x2=end[0], y2=end[1])


def bullet_list(items: Iterable[Element | str], css_class: str = "") -> Element:
    """A list of elements that are items, and of texts."""
    return element(
        "ul", *(item if isinstance(item, Element) else element("li", item) for item in items), class_=css_class
    )


def render_html(root: Element) -> str:
    """The whole document as text."""
    return "<!doctype html>\n" + tostring(root, encoding="unicode", method="html") + "\n"


def _attribute_text(value: str | float) -> str:
    """Pixels to a tenth: finer differences cannot be seen."""
    return printable(value) if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")


def _append_text(parent: Element, text: str) -> None:
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text
