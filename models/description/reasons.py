"""Why the machine thinks that a take is about its product, in words for editors."""

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
from models.description.wording_phrases import FUNCTION_WORDS
from models.numbers.price_quotes import parse_prices
from models.text.canonical_spelling import find_canonical_spelling, is_spelled_differently
from models.text.phonetic_tokens import fold_text, phonetic_tokens
from models.text.typography import to_single_line, truncate

MAX_REASONS = 5
MAX_QUOTE_COLUMNS = 32  # columns of what is quoted
PUSH_NATS = 2.5  # what a push weighs beside words: less than a name, more than a word of a title
MAX_PUSH_LEAD_S: Seconds = 30.0  # a push that early still announces the take
PUNCTUATION_MARKS = re.compile(r"[,，、。.!！?？;；]\s*(?!\d)")
REASON_TEMPLATES: dict[Language, dict[str, str]] = {
    "zh": {
        "said": "说到“{meant}”{count}",
        "mixed": "说到“{meant}”{count}，其中有听成“{heard}”的",
        "alike": "听到“{heard}”{count}，读音近“{meant}”",
        "brand": "提到品牌“{meant}”{count}",
        "title": "说到商品信息里的“{meant}”{count}",
        "link": "报了 {number} 号链接{count}",
        "price": "报价 {price}{count}，与货盘一致",
        "list_price": "提到原价 {price}{count}，与货盘一致",
        "push": "直播间 {time} 推了这个商品{count}",
        "card": "{time} 起有讲解卡",
        "sticker": "{time} 起贴片上写着“{text}”",
        "photo": "{time} 起画面里有这个商品",
        "tie": "听和看都分不清是“{one}”还是“{other}”",
        "doubt": "{time} 推送的是“{other}”，与讲解不符",
    },
    "en": {
        "said": 'said "{meant}"{count}',
        "mixed": 'said "{meant}"{count}, sometimes heard as "{heard}"',
        "alike": 'heard "{heard}"{count}, which sounds like "{meant}"',
        "brand": 'named the brand "{meant}"{count}',
        "title": 'said "{meant}", from its listing{count}',
        "link": "gave link number {number}{count}",
        "price": "gave the price {price}{count}, as in the catalogue",
        "list_price": "gave the list price {price}{count}, as in the catalogue",
        "push": "the room pushed this product at {time}{count}",
        "card": "its card is on screen from {time}",
        "sticker": 'a sticker reads "{text}" from {time}',
        "photo": "the product is in the picture from {time}",
        "tie": 'could not be told: "{one}" or "{other}"',
        "doubt": 'the card pushed at {time} is "{other}": not what is explained',
    },
}


@dataclass(frozen=True, slots=True)
class ProductPush:
    """A product's card that the room's log says was pushed, at `time` of the replay."""

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
    """The heaviest reasons first, at most MOST_REASONS; `conflicts` are always told, last."""
    weighted = [
        *_mention_reasons(subject, language),
        *_push_reasons(pushes, language),
        *_sighting_reasons(sightings, language),
    ]
    heaviest = sorted(weighted, key=lambda each: (-each.weight, each.reason.start, each.reason.text))
    free_places = max(0, MAX_REASONS - len(conflicts))
    return (*(each.reason for each in heaviest[:free_places]), *conflicts[:MAX_REASONS])


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
    """That a tie could not be told; that others were pushed during the take, its own not. `titles`: by product id."""
    return (*_tie_reasons(take, titles, language), *_push_conflict_reasons(take, pushes, titles, language))


def _tie_reasons(take: Take, titles: Mapping[str, str], language: Language) -> Iterator[Reason]:
    if take.is_tie:
        first, second = (truncate(titles.get(name, name), MAX_QUOTE_COLUMNS) for name in take.product_ids)
        start = take.span.start
        yield Reason("doubt", start, start, REASON_TEMPLATES[language]["tie"].format(one=first, other=second))


def _push_conflict_reasons(
    take: Take, pushes: Sequence[ProductPush], titles: Mapping[str, str], language: Language
) -> tuple[Reason, ...]:
    others = [push for push in pushes if take.span.contains(push.time) and push.product_id not in take.product_ids]
    if not others or supporting_pushes(pushes, take):
        return ()
    first = min(others, key=lambda push: push.time)
    other = truncate(titles.get(first.product_id, first.product_id), MAX_QUOTE_COLUMNS)
    text = REASON_TEMPLATES[language]["doubt"].format(time=format_clock(first.time), other=other)
    return (Reason("doubt", first.time, first.time, text),)


def format_clock(time: Seconds) -> str:
    """Minutes and seconds as players show them: 2:05, 1:02:05."""
    return format_hms(time, omit_zero_hours=True)


def _mention_reasons(subject: TakeSubject, language: Language) -> Iterator[_WeightedReason]:
    groups: dict[tuple[str, str], list[Mention]] = {}
    for mention in subject.mentions:
        groups.setdefault(_reason_key(mention, subject.products), []).append(mention)
    longest = {canonical for template, canonical in groups if template in ("said", "title")}
    for (words, meant), mentions in groups.items():
        is_part = any(meant != other and meant.casefold() in other.casefold() for other in longest)
        if words == "title" and (is_part or _is_uninformative(meant, len(mentions))):
            continue
        span = Span(min(m.span.start for m in mentions), max(m.span.end for m in mentions))
        text = _mention_text(words, meant, mentions, language)
        weight = sum(mention.weight for mention in mentions)
        yield _WeightedReason(weight, Reason(mentions[0].kind, span.start, span.end, text))


def _is_uninformative(canonical: str, count: int) -> bool:
    """Whether words of a title convince nobody: of, and; two syllables met once, often across a border of words."""
    tokens = phonetic_tokens(canonical)
    content_tokens = [token for token in tokens if token.surface not in FUNCTION_WORDS]
    return not content_tokens or (
        len(tokens) <= 2 and count < 2 and not any(token.is_latin for token in content_tokens)
    )


def _reason_key(mention: Mention, products: Sequence[Product]) -> tuple[str, str]:
    """What is counted together: the words to tell it by, and the spelling, number or price that it stands for."""
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
    """The longest stretch of `text` without a mark, without the little words at its ends."""
    words = max(PUNCTUATION_MARKS.split(text), key=len).split(" ")
    while len(words) > 1 and words[0].lower() in FUNCTION_WORDS:
        words = words[1:]
    while len(words) > 1 and words[-1].lower() in FUNCTION_WORDS:
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
    fields = {"meant": canonical, "heard": commonest_misrecognition, "number": canonical, "price": canonical}
    return REASON_TEMPLATES[language][template].format(**fields, count=_repetition_text(len(mentions), language))


def _repetition_text(count: int, language: Language) -> str:
    """Nothing for once."""
    if count == 1:
        return ""
    return f" {count} 次" if language == "zh" else (" twice" if count == 2 else f" {count} times")


def _push_reasons(pushes: Sequence[ProductPush], language: Language) -> Iterator[_WeightedReason]:
    if pushes:
        times = sorted(push.time for push in pushes)
        text = REASON_TEMPLATES[language]["push"].format(
            time=format_clock(times[0]), count=_push_repetition_text(len(times), language)
        )
        yield _WeightedReason(PUSH_NATS, Reason("push", times[0], times[-1], text))


def _push_repetition_text(count: int, language: Language) -> str:
    if count == 1:
        return ""
    return f"，共 {count} 次" if language == "zh" else f", {count} times in all"


def _sighting_reasons(sightings: Sequence[Sighting], language: Language) -> Iterator[_WeightedReason]:
    by_kind: dict[SightingKind, list[Sighting]] = {}
    for sighting in sightings:
        by_kind.setdefault(sighting.kind, []).append(sighting)
    for kind, same_kind in by_kind.items():
        span = Span(min(each.span.start for each in same_kind), max(each.span.end for each in same_kind))
        sighting_text = max(same_kind, key=lambda each: (each.weight, -each.span.start)).text
        template = "photo" if kind == "sticker" and not sighting_text.strip() else kind
        text = REASON_TEMPLATES[language][template].format(
            time=format_clock(span.start), text=truncate(to_single_line(sighting_text), MAX_QUOTE_COLUMNS)
        )
        yield _WeightedReason(sum(each.weight for each in same_kind), Reason(kind, span.start, span.end, text))
