"""events.jsonl: what the live room's back end logged, one JSON object a line."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from sys import intern

from domain.errors import EventsError, InputError
from domain.evidence import EventLog, HostEvent
from pipeline.inputs.parsing.plain_text import had_hidden
from pipeline.inputs.parsing.strict_json import parse_object
from pipeline.inputs.parsing.suggestions import did_you_mean
from pipeline.inputs.parsing.tally import Tally
from pipeline.inputs.parsing.text_file import read_lines
from pipeline.inputs.parsing.values import as_moment, as_seconds, as_text, shown

TEXT_KEYS = ("type", "product_id", "text", "user")
EVENT_KEYS = ("t", "at", *TEXT_KEYS)
KNOWN_KEYS = frozenset(EVENT_KEYS)
KNOWN_TYPES = ("product_push", "explain_start", "explain_end", "comment", "product_click", "order", "coupon")
MOST_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class EventsFile:
    """An event log, read: events by time, those before the recording (below 0) too."""

    log: EventLog
    warnings: tuple[str, ...]


def read_events(file: Path, product_ids: Collection[str], started_at: datetime | None) -> EventsFile:
    """Read a log of a show that sells `product_ids`. Raises EventsError with the line.

    Unknown types and products are kept and told. Without `started_at`, events that have only `at` are set aside.
    """
    tally = Tally("event")
    events = [_event(fields, file, number, tally) for number, fields in _lines(file)]
    if not events:
        raise EventsError(file, "holds no event", "take it away if the show has none")
    kept = [event for event in events if event.at is None or started_at]
    kept.sort(key=lambda event: _recording_time(event, started_at))
    warnings = (*tally.told(), *_unknown_types(kept), *_unknown_products(kept, product_ids))
    aside = len(events) - len(kept)
    if aside:
        warnings += (f"{aside} events have only a wall clock time (at) and are set aside; give the session started_at",)
    return EventsFile(EventLog(tuple(kept)), tuple(f"{file.name}: {warning}" for warning in warnings))


def _lines(file: Path) -> Iterator[tuple[int, Mapping[str, object]]]:
    for number, line in read_lines(file, EventsError):
        yield number, parse_object(line, file, EventsError, number)


def _event(fields: Mapping[str, object], file: Path, line: int, tally: Tally) -> HostEvent:
    if not KNOWN_KEYS.issuperset(fields):
        tally.add_unknown(fields, EVENT_KEYS)
    try:
        return _read(fields, tally)
    except InputError as problem:
        where = f"{file}: line {line}" + (f": {problem.where}" if problem.where else "")
        raise EventsError(where, problem.what, problem.remedy) from None


def _read(fields: Mapping[str, object], tally: Tally) -> HostEvent:
    t, at = fields.get("t"), fields.get("at")
    if t is None and at is None:
        raise InputError("", "has neither t nor at", 'write "t": seconds since the recording began')
    said = {name: _text(name, fields[name], tally) for name in TEXT_KEYS if fields.get(name) is not None}
    if not said.get("type"):
        raise InputError("type", "is missing or empty", "write what happened, such as product_push")
    return HostEvent(
        type=intern(said["type"]),  # a long log repeats few types and products
        recording_time=None if t is None else as_seconds("t", t),
        at=as_moment("at", at) if t is None else None,
        product_id=intern(said.get("product_id", "")),
        text=said.get("text", ""),
        user=said.get("user", ""),
    )


def _text(name: str, value: object, tally: Tally) -> str:
    if isinstance(value, str) and had_hidden(value):
        tally.add(f"control characters taken out of {name}")
    return as_text(name, value)


def _recording_time(event: HostEvent, started_at: datetime | None) -> float:
    """When it happened on the recording clock, as far as the wall clock can tell. For the order only."""
    if event.recording_time is not None:
        return event.recording_time
    return (event.at - started_at).total_seconds() if event.at and started_at else 0.0


def _unknown_types(events: list[HostEvent]) -> tuple[str, ...]:
    counts = Counter(event.type for event in events if event.type not in KNOWN_TYPES)
    if not counts:
        return ()
    types = [f"{shown(kind)} {count}{did_you_mean(kind, KNOWN_TYPES)}" for kind, count in _examples(counts)]
    return (f"{counts.total()} events of {len(counts)} unknown types are kept: {_listed(types, len(counts))}",)


def _unknown_products(events: list[HostEvent], product_ids: Collection[str]) -> tuple[str, ...]:
    known = frozenset(product_ids)
    counts = Counter(event.product_id for event in events if event.product_id and event.product_id not in known)
    if not counts:
        return ()
    named = [f"{shown(product_id)} {count}" for product_id, count in _examples(counts)]
    what = f"{counts.total()} events name {len(counts)} products that the catalogue does not hold and are kept"
    return (f"{what}: {_listed(named, len(counts))}",)


def _examples(counts: Counter[str]) -> list[tuple[str, int]]:
    return counts.most_common(MOST_EXAMPLES)


def _listed(examples: list[str], count: int) -> str:
    return ", ".join(examples) + (", ..." if count > len(examples) else "")
