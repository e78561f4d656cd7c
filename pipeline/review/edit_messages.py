"""An edit in words for people."""

from domain.clock import Seconds
from domain.review import Add, Approve, ChangeProduct, Edit, Merge, Move, Reject, Retitle, Split


def in_words(edit: Edit) -> str:
    """One line: what is done to which highlight, and what was there before."""
    operation = edit.operation
    seen = {highlight.id: highlight for highlight in edit.seen}
    was = seen.get(operation.highlight)
    name = f'{operation.highlight} "{was.title}"' if was else operation.highlight
    match operation:
        case Approve():
            return f"approve {name}"
        case Reject():
            return f"refuse {name}"
        case Move():
            edges = [(edge, getattr(operation, edge), getattr(was, edge, None)) for edge in ("start", "end", "seek")]
            given = [_change(edge, at, before) for edge, at, before in edges if at is not None and at != before]
            return f"move {name}: {', '.join(given) or 'as it is'}"
        case ChangeProduct():
            before = f" instead of {'+'.join(was.product_ids)}" if was else ""
            return f"change {name} to product {'+'.join(operation.product_ids)}{before}"
        case Retitle():
            words = [f'"{text}"' for text in (operation.title, operation.summary) if text is not None]
            return f"retitle {name}: {', '.join(words)}"
        case Add():
            stretch = f"{clock(operation.start)} to {clock(operation.end)}"
            called = f' "{operation.title}"' if operation.title else ""
            return f"add {name}{called}: product {'+'.join(operation.product_ids)}, {stretch}"
        case Split():
            return f"split {name} at {clock(operation.at)}; the second is {operation.second}"
        case Merge():
            return f"merge {', '.join(operation.others)} into {name}"


def clock(time: Seconds) -> str:
    """1:02:03.5"""
    minutes, seconds = divmod(time, 60)
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours}:{minutes:02d}:{seconds:04.1f}"


def _change(edge: str, at: Seconds, before: Seconds | None) -> str:
    return f"{edge} {clock(at)}" if before is None else f"{edge} {clock(before)} to {clock(at)}"
