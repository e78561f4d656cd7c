"""An edit described in one line for people."""

from domain.clock import Seconds
from domain.review import Add, Approve, ChangeProduct, Edit, Merge, Move, Reject, Retitle, Split
from domain.text import format_hms


def describe_edit(edit: Edit) -> str:
    """What the edit does to which highlight, and what was there before."""
    operation = edit.operation
    seen = {highlight.id: highlight for highlight in edit.seen}
    original = seen.get(operation.highlight)
    name = f'{operation.highlight} "{original.title}"' if original else operation.highlight
    match operation:
        case Approve():
            return f"approve {name}"
        case Reject():
            return f"refuse {name}"
        case Move():
            edges = [
                (edge, getattr(operation, edge), getattr(original, edge, None)) for edge in ("start", "end", "seek")
            ]
            changes = [
                _describe_change(edge, at, before) for edge, at, before in edges if at is not None and at != before
            ]
            return f"move {name}: {', '.join(changes) or 'as it is'}"
        case ChangeProduct():
            before = f" instead of {'+'.join(original.product_ids)}" if original else ""
            return f"change {name} to product {'+'.join(operation.product_ids)}{before}"
        case Retitle():
            texts = [f'"{text}"' for text in (operation.title, operation.summary) if text is not None]
            return f"retitle {name}: {', '.join(texts)}"
        case Add():
            span_text = f"{format_hms_tenths(operation.start)} to {format_hms_tenths(operation.end)}"
            title_text = f' "{operation.title}"' if operation.title else ""
            return f"add {name}{title_text}: product {'+'.join(operation.product_ids)}, {span_text}"
        case Split():
            return f"split {name} at {format_hms_tenths(operation.at)}; the second is {operation.second}"
        case Merge():
            return f"merge {', '.join(operation.others)} into {name}"


def format_hms_tenths(time: Seconds) -> str:
    """1:02:03.5"""
    return format_hms(time, tenths=True)


def _describe_change(edge: str, at: Seconds, before: Seconds | None) -> str:
    return (
        f"{edge} {format_hms_tenths(at)}"
        if before is None
        else f"{edge} {format_hms_tenths(before)} to {format_hms_tenths(at)}"
    )
