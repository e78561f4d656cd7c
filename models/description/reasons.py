"""Why the machine thinks that a take is about its product, in words for editors (reasons.toml)."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.catalog import MINOR_UNITS, Product
from domain.clock import Seconds, Span
from domain.evidence import Mention, MentionKind
from domain.highlight import Reason, Take
from domain.session import Language
from domain.text import format_hms
from domain.vision import Sighting, SightingKind
from models.description.summary import TakeSubject
from models.description.wording_phrases import function_words
from models.numbers.price_quotes import parse_prices
from models.text.canonical_spelling import find_canonical_spelling, is_spelled_differently
from models.text.phonetic_tokens import fold_text, phonetic_tokens
from models.text.phrase_tables import phrase_table
from models.text.typography import to_single_line, truncate

MAX_REASONS = 5  # a judgement: as many as one reads at a glance
MAX_QUOTE_COLUMNS = 32  # so that a reason stays short
PUSH_NATS = 2.5  # what a push weighs beside words: less than a name, more than a word of a title
MAX_PUSH_LEAD_S: Seconds = 30.0  # a push so long before a take still announces it
PUNCTUATION_MARKS = re.compile(r"[,，、。.!！?？;；]\s*(?!\d)")


@dataclass(frozen=True, slots=True)
class ProductPush:
    """A push of a product's card in the event log, at `time` of the replay."""

    product_id: str
    time: Seconds


@dataclass(frozen=True, slots=True)
class _WeightedReason:
    weight: float
    reason: Reason


def build_reasons(
    subject: TakeSubject,
    language: Language,
    *,
    pushes: Sequence[ProductPush] = (),
    sightings: Sequence[Sighting] = (),
    conflicts: Sequence[Reason] = (),
) -> tuple[Reason, ...]:
    """The heaviest reasons first, at most MAX_REASONS; `conflicts` are always among them, last."""
    weighted = [
        *_mention_reasons(subject, language),
        *_push_reasons(pushes, language),
        *_sighting_reasons(sightings, language),
    ]
    heaviest = sorted(weighted, key=lambda each: (-each.weight, each.reason.start, each.reason.text))
    remaining = max(0, MAX_REASONS - len(conflicts))
    return (*(each.reason for each in heaviest[:remaining]), *conflicts[:MAX_REASONS])


def supporting_pushes(pushes: Iterable[ProductPush], take: Take) -> tuple[ProductPush, ...]:
    """The pushes that speak for the take: of its products, inside it or a little before."""
    window = Span(max(0.0, take.span.start - MAX_PUSH_LEAD_S), take.span.end)
    return tuple(push for push in pushes if push.product_id in take.product_ids and window.contains(push.time))


def supporting_sightings(sightings: Iterable[Sighting], take: Take) -> tuple[Sighting, ...]:
    """The sightings that speak for the take: of its products, while it lasts."""
    own = set(take.product_ids)
    return tuple(s for s in sightings if s.span.overlap(take.span) > 0 and not own.isdisjoint(s.product_ids))


def conflict_reasons(
    take: Take, pushes: Sequence[ProductPush], titles: Mapping[str, str], language: Language
) -> tuple[Reason, ...]:
    """That a tie was not decided; that other products were pushed during the take, but not its own.

    `titles`: by product id.
    """
    return (*_tie_reasons(take, titles, language), *_push_conflict_reasons(take, pushes, titles, language))


def _tie_reasons(take: Take, titles: Mapping[str, str], language: Language) -> Iterator[Reason]:
    if take.is_tie:
        first, second = (truncate(titles.get(name, name), MAX_QUOTE_COLUMNS) for name in take.product_ids)
        start = take.span.start
        yield Reason("doubt", start, start, _wording(language, "tie", one=first, other=second))


def _push_conflict_reasons(
    take: Take, pushes: Sequence[ProductPush], titles: Mapping[str, str], language: Language
) -> tuple[Reason, ...]:
    others = [push for push in pushes if take.span.contains(push.time) and push.product_id not in take.product_ids]
    if not others or supporting_pushes(pushes, take):
        return ()
    first = min(others, key=lambda push: push.time)
    other = truncate(titles.get(first.product_id, first.product_id), MAX_QUOTE_COLUMNS)
    text = _wording(language, "doubt", time=format_clock(first.time), other=other)
    return (Reason("doubt", first.time, first.time, text),)


def format_clock(time: Seconds) -> str:
    """Minutes and seconds as players show them: 2:05, 1:02:05."""
    return format_hms(time, omit_zero_hours=True)


def _mention_reasons(subject: TakeSubject, language: Language) -> Iterator[_WeightedReason]:
    groups: dict[tuple[str, str], list[Mention]] = {}
    for mention in subject.mentions:
        groups.setdefault(_reason_key(mention, subject.products), []).append(mention)
    longest = {canonical for template, canonical in groups if template in ("said", "title")}
    for (template, canonical), mentions in groups.items():
        is_part = any(canonical != other and canonical.casefold() in other.casefold() for other in longest)
        if template == "title" and (is_part or _is_uninformative(canonical, len(mentions))):
            continue
        span = Span(min(m.span.start for m in mentions), max(m.span.end for m in mentions))
        text = _mention_text(template, canonical, mentions, language)
        weight = sum(mention.weight for mention in mentions)
        yield _WeightedReason(weight, Reason(mentions[0].kind, span.start, span.end, text))


def _is_uninformative(canonical: str, count: int) -> bool:
    """Whether words of a title convince nobody: of, and; two syllables met once, often across a word boundary."""
    tokens = phonetic_tokens(canonical)
    content_tokens = [token for token in tokens if token.surface not in function_words()]
    return not content_tokens or (
        len(tokens) <= 2 and count < 2 and not any(token.is_latin for token in content_tokens)
    )


def _reason_key(mention: Mention, products: Sequence[Product]) -> tuple[str, str]:
    """What is counted together: a template, and the spelling, number or price that the mention stands for."""
    own = [product for product in products if product.product_id in mention.product_ids] or products
    if mention.kind == "link":
        return "link", str(next((product.link_no for product in own if product.link_no is not None), mention.text))
    if mention.kind == "price":
        return _price_key(mention, own)
    templates: dict[MentionKind, str] = {"brand": "brand", "title": "title"}
    canonical = find_canonical_spelling(mention.text, own)
    return templates.get(mention.kind, "said"), truncate(
        _strip_function_words(canonical) if mention.kind == "title" else canonical, MAX_QUOTE_COLUMNS
    )


def _strip_function_words(text: str) -> str:
    """The longest stretch of `text` without a mark, without function words at its ends."""
    words = max(PUNCTUATION_MARKS.split(text), key=len).split(" ")
    while len(words) > 1 and words[0].lower() in function_words():
        words = words[1:]
    while len(words) > 1 and words[-1].lower() in function_words():
        words = words[:-1]
    return " ".join(words)


def _price_key(mention: Mention, products: Sequence[Product]) -> tuple[str, str]:
    quoted = [prices for quote in parse_prices(fold_text(mention.text)) for prices in quote.ranges]
    for product in products:
        for template, minor in (("price", product.price), ("list_price", product.list_price)):
            if minor is not None and any(prices.contains(Decimal(minor) / MINOR_UNITS) for prices in quoted):
                return template, format_price(minor, product.currency)
    return "title", to_single_line(mention.text)


def format_price(minor: int, currency: str) -> str:
    """A price as people write it."""
    value = f"{minor / MINOR_UNITS:.2f}"
    amount = value.removesuffix(".00")
    return {"CNY": f"{value.rstrip('0').rstrip('.')} 元", "USD": f"${amount}"}.get(currency, f"{amount} {currency}")


def _mention_text(template: str, canonical: str, mentions: Sequence[Mention], language: Language) -> str:
    transcribed = [truncate(to_single_line(PUNCTUATION_MARKS.sub("", m.text)), MAX_QUOTE_COLUMNS) for m in mentions]
    is_word = template in ("said", "brand", "title")
    misrecognized = [text for text in transcribed if is_word and is_spelled_differently(text, canonical)]
    if template == "said" and misrecognized:
        template = "alike" if len(misrecognized) == len(transcribed) else "mixed"
    commonest_misrecognition = max(misrecognized, key=misrecognized.count) if misrecognized else ""
    count = _repetition(len(mentions), language)
    return _wording(language, template, meant=canonical, heard=commonest_misrecognition, count=count)


def _wording(language: Language, template: str, **fields: str) -> str:
    text: str = phrase_table(__name__)[language][template]
    return text.format(**fields)


def _repetition(count: int, language: Language) -> str:
    """Nothing for once."""
    if count == 1:
        return ""
    return _wording(language, "twice" if count == 2 else "often", count=str(count))


def _push_reasons(pushes: Sequence[ProductPush], language: Language) -> Iterator[_WeightedReason]:
    if pushes:
        times = sorted(push.time for push in pushes)
        count = _wording(language, "pushed_often", count=str(len(times))) if len(times) > 1 else ""
        text = _wording(language, "push", time=format_clock(times[0]), count=count)
        yield _WeightedReason(PUSH_NATS, Reason("push", times[0], times[-1], text))


def _sighting_reasons(sightings: Sequence[Sighting], language: Language) -> Iterator[_WeightedReason]:
    by_kind: dict[SightingKind, list[Sighting]] = {}
    for sighting in sightings:
        by_kind.setdefault(sighting.kind, []).append(sighting)
    for kind, same_kind in by_kind.items():
        span = Span(min(each.span.start for each in same_kind), max(each.span.end for each in same_kind))
        sighting_text = max(same_kind, key=lambda each: (each.weight, -each.span.start)).text
        template = "photo" if kind == "sticker" and not sighting_text.strip() else kind
        quote = truncate(to_single_line(sighting_text), MAX_QUOTE_COLUMNS)
        text = _wording(language, template, time=format_clock(span.start), text=quote)
        yield _WeightedReason(sum(each.weight for each in same_kind), Reason(kind, span.start, span.end, text))
