"""events.jsonl: the event log of the live stream's back end, one JSON object a line."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from sys import intern

from domain.errors import EventsError, InputError
from domain.evidence import EventLog, HostEvent
from pipeline.inputs.parsing.plain_text import has_hidden_characters
from pipeline.inputs.parsing.strict_json import parse_object
from pipeline.inputs.parsing.suggestions import did_you_mean
from pipeline.inputs.parsing.tally import Tally
from pipeline.inputs.parsing.text_file import read_lines
from pipeline.inputs.parsing.values import as_datetime, as_seconds, as_text, located, quote_value

TEXT_KEYS = ("type", "product_id", "text", "user")
EVENT_KEYS = ("t", "at", *TEXT_KEYS)
KNOWN_KEYS = frozenset(EVENT_KEYS)
KNOWN_TYPES = ("product_push", "explain_start", "explain_end", "comment", "product_click", "order", "coupon")
MAX_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class EventsFile:
    """An event log, read: events by time, including those before the recording (below 0)."""

    log: EventLog
    warnings: tuple[str, ...]


def read_events(file: Path, product_ids: Collection[str], started_at: datetime | None) -> EventsFile:
    """Read a log of a show that sells `product_ids`. Raises EventsError with the line.

    Events of unknown types and products are kept, with a warning. Without `started_at`, those with only `at` are left
    out.
    """
    tally = Tally("event")
    events = [_parse_event(fields, file, number, tally) for number, fields in _parse_lines(file)]
    if not events:
        raise EventsError(file, "holds no event", "take it away if the show has none")
    timed_events = [event for event in events if event.at is None or started_at]
    timed_events.sort(key=lambda event: _recording_time(event, started_at))
    warnings = (
        *tally.warnings(),
        *_unknown_type_warnings(timed_events),
        *_unknown_product_warnings(timed_events, product_ids),
    )
    skipped_count = len(events) - len(timed_events)
    if skipped_count:
        warnings += (
            f"{skipped_count} events have only a wall clock time (at) and are set aside; give the session started_at",
        )
    return EventsFile(EventLog(tuple(timed_events)), tuple(f"{file.name}: {warning}" for warning in warnings))


def _parse_lines(file: Path) -> Iterator[tuple[int, Mapping[str, object]]]:
    for number, line in read_lines(file, EventsError):
        yield number, parse_object(line, file, EventsError, number)


def _parse_event(fields: Mapping[str, object], file: Path, line: int, tally: Tally) -> HostEvent:
    if not KNOWN_KEYS.issuperset(fields):
        tally.add_unknown_keys(fields, EVENT_KEYS)
    with located(EventsError, f"{file}: line {line}"):
        return _parse_fields(fields, tally)


def _parse_fields(fields: Mapping[str, object], tally: Tally) -> HostEvent:
    t, at = fields.get("t"), fields.get("at")
    if t is None and at is None:
        raise InputError("", "has neither t nor at", 'write "t": seconds since the recording began')
    texts = {name: _parse_text(name, fields[name], tally) for name in TEXT_KEYS if fields.get(name) is not None}
    if not texts.get("type"):
        raise InputError("type", "is missing or empty", "write what happened, such as product_push")
    return HostEvent(
        type=intern(texts["type"]),  # a long log repeats few types and products
        recording_time=None if t is None else as_seconds("t", t),
        at=as_datetime("at", at) if t is None else None,
        product_id=intern(texts.get("product_id", "")),
        text=texts.get("text", ""),
        user=texts.get("user", ""),
    )


def _parse_text(name: str, value: object, tally: Tally) -> str:
    if isinstance(value, str) and has_hidden_characters(value):
        tally.add(f"control characters taken out of {name}")
    return as_text(name, value)


def _recording_time(event: HostEvent, started_at: datetime | None) -> float:
    """Its time on the recording clock, as far as the wall clock says. For the order only."""
    if event.recording_time is not None:
        return event.recording_time
    return (event.at - started_at).total_seconds() if event.at and started_at else 0.0


def _unknown_type_warnings(events: list[HostEvent]) -> tuple[str, ...]:
    counts = Counter(event.type for event in events if event.type not in KNOWN_TYPES)
    what = f"{counts.total()} events of {len(counts)} unknown types are kept"
    return _example_warnings(what, counts, lambda kind: did_you_mean(kind, KNOWN_TYPES))


def _unknown_product_warnings(events: list[HostEvent], product_ids: Collection[str]) -> tuple[str, ...]:
    known_ids = frozenset(product_ids)
    counts = Counter(event.product_id for event in events if event.product_id and event.product_id not in known_ids)
    what = f"{counts.total()} events name {len(counts)} products that the catalogue does not hold and are kept"
    return _example_warnings(what, counts, lambda _: "")


def _example_warnings(what: str, counts: Counter[str], hint: Callable[[str], str]) -> tuple[str, ...]:
    """`what`, with the most common values as examples; nothing where there are none."""
    examples = [f"{quote_value(value)} {count}{hint(value)}" for value, count in counts.most_common(MAX_EXAMPLES)]
    more = ", ..." if len(counts) > len(examples) else ""
    return (f"{what}: {', '.join(examples)}{more}",) if counts else ()
