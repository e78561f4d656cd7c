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
from domain.vision import Sighting, SightingKind
from models.description.summary import Subject
from models.description.wording_phrases import FUNCTION_WORDS
from models.numbers.price_quotes import prices_in
from models.text.canonical_spelling import is_spelt_otherwise, meant_by
from models.text.phonetic_tokens import folded, tokens_of
from models.text.typography import one_line, shortened

MOST_REASONS = 5
LONGEST_TEXT = 32  # columns of what is quoted
PUSH_NATS = 2.5  # what a push weighs beside words: less than a name, more than a word of a title
PUSH_LEAD: Seconds = 30.0  # a push that early still announces the take
MARKS = re.compile(r"[,，、。.!！?？;；]\s*(?!\d)")
SAID: dict[Language, dict[str, str]] = {
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
class Push:
    """A product's card that the room's log says was pushed, at `time` of the replay."""

    product_id: str
    time: Seconds


@dataclass(frozen=True, slots=True)
class _Weighed:
    weight: float
    reason: Reason


def reasons_of(
    subject: Subject,
    language: Language,
    *,
    pushes: Sequence[Push] = (),
    sightings: Sequence[Sighting] = (),
    doubts: Sequence[Reason] = (),
) -> tuple[Reason, ...]:
    """The heaviest reasons first, at most MOST_REASONS; `doubts` are always told, last."""
    weighed = [*_of_mentions(subject, language), *_of_pushes(pushes, language), *_of_sightings(sightings, language)]
    heaviest = sorted(weighed, key=lambda each: (-each.weight, each.reason.start, each.reason.text))
    room = max(0, MOST_REASONS - len(doubts))
    return (*(each.reason for each in heaviest[:room]), *doubts[:MOST_REASONS])


def own_pushes(pushes: Iterable[Push], take: Take) -> tuple[Push, ...]:
    """The pushes that speak for the take: of its products, inside it or a little before."""
    reach = Span(max(0.0, take.span.start - PUSH_LEAD), take.span.end)
    return tuple(push for push in pushes if push.product_id in take.product_ids and reach.holds(push.time))


def own_sightings(sightings: Iterable[Sighting], take: Take) -> tuple[Sighting, ...]:
    """The sightings that speak for the take: of its products, while it lasts."""
    own = set(take.product_ids)
    return tuple(s for s in sightings if s.span.overlap(take.span) > 0 and not own.isdisjoint(s.product_ids))


def doubts_of(take: Take, pushes: Sequence[Push], titles: Mapping[str, str], language: Language) -> tuple[Reason, ...]:
    """That a tie could not be told; that others were pushed during the take, its own not. `titles`: by product id."""
    return (*_tie(take, titles, language), *_pushed_others(take, pushes, titles, language))


def _tie(take: Take, titles: Mapping[str, str], language: Language) -> Iterator[Reason]:
    if take.is_tie:
        one, other = (shortened(titles.get(name, name), LONGEST_TEXT) for name in take.product_ids)
        start = take.span.start
        yield Reason("doubt", start, start, SAID[language]["tie"].format(one=one, other=other))


def _pushed_others(
    take: Take, pushes: Sequence[Push], titles: Mapping[str, str], language: Language
) -> tuple[Reason, ...]:
    others = [push for push in pushes if take.span.holds(push.time) and push.product_id not in take.product_ids]
    if not others or own_pushes(pushes, take):
        return ()
    first = min(others, key=lambda push: push.time)
    other = shortened(titles.get(first.product_id, first.product_id), LONGEST_TEXT)
    text = SAID[language]["doubt"].format(time=clock(first.time), other=other)
    return (Reason("doubt", first.time, first.time, text),)


def clock(time: Seconds) -> str:
    """Minutes and seconds as players show them: 2:05, 1:02:05."""
    minutes, seconds = divmod(int(time), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _of_mentions(subject: Subject, language: Language) -> Iterator[_Weighed]:
    groups: dict[tuple[str, str], list[Mention]] = {}
    for mention in subject.mentions:
        groups.setdefault(_group(mention, subject.products), []).append(mention)
    longest = {meant for words, meant in groups if words in ("said", "title")}
    for (words, meant), mentions in groups.items():
        is_part = any(meant != other and meant.casefold() in other.casefold() for other in longest)
        if words == "title" and (is_part or _says_little(meant, len(mentions))):
            continue
        span = Span(min(m.span.start for m in mentions), max(m.span.end for m in mentions))
        text = _said(words, meant, mentions, language)
        weight = sum(mention.weight for mention in mentions)
        yield _Weighed(weight, Reason(mentions[0].kind, span.start, span.end, text))


def _says_little(meant: str, times: int) -> bool:
    """Whether words of a title convince nobody: of, and; two syllables met once, often across a border of words."""
    tokens = tokens_of(meant)
    telling = [token for token in tokens if token.written not in FUNCTION_WORDS]
    return not telling or (len(tokens) <= 2 and times < 2 and not any(token.is_word for token in telling))


def _group(mention: Mention, products: Sequence[Product]) -> tuple[str, str]:
    """What is counted together: the words to tell it by, and the spelling, number or price that it stands for."""
    own = [product for product in products if product.product_id in mention.product_ids] or products
    if mention.kind == "link":
        return "link", str(next((product.link_no for product in own if product.link_no is not None), mention.text))
    if mention.kind == "price":
        return _price(mention, own)
    words: dict[MentionKind, str] = {"brand": "brand", "title": "title"}
    meant = meant_by(mention.text, own)
    return words.get(mention.kind, "said"), shortened(_bare(meant) if mention.kind == "title" else meant, LONGEST_TEXT)


def _bare(text: str) -> str:
    """The longest stretch of `text` without a mark, without the little words at its ends."""
    words = max(MARKS.split(text), key=len).split(" ")
    while len(words) > 1 and words[0].lower() in FUNCTION_WORDS:
        words = words[1:]
    while len(words) > 1 and words[-1].lower() in FUNCTION_WORDS:
        words = words[:-1]
    return " ".join(words)


def _price(mention: Mention, products: Sequence[Product]) -> tuple[str, str]:
    quoted = [prices for quote in prices_in(folded(mention.text)) for prices in quote.ranges]
    for product in products:
        for words, minor in (("price", product.price), ("list_price", product.list_price)):
            if minor is not None and any(prices.holds(Decimal(minor) / MINOR_UNITS) for prices in quoted):
                return words, money(minor, product.currency)
    return "title", one_line(mention.text)


def money(minor: int, currency: str) -> str:
    """A price as people write it."""
    value = f"{minor / MINOR_UNITS:.2f}"
    even = value.removesuffix(".00")
    return {"CNY": f"{value.rstrip('0').rstrip('.')} 元", "USD": f"${even}"}.get(currency, f"{even} {currency}")


def _said(words: str, meant: str, mentions: Sequence[Mention], language: Language) -> str:
    heard = [shortened(one_line(MARKS.sub("", m.text)), LONGEST_TEXT) for m in mentions]
    is_word = words in ("said", "brand", "title")
    otherwise = [text for text in heard if is_word and is_spelt_otherwise(text, meant)]
    if words == "said" and otherwise:
        words = "alike" if len(otherwise) == len(heard) else "mixed"
    most_heard = max(otherwise, key=otherwise.count) if otherwise else ""
    fields = {"meant": meant, "heard": most_heard, "number": meant, "price": meant}
    return SAID[language][words].format(**fields, count=_count(len(mentions), language))


def _count(times: int, language: Language) -> str:
    """Nothing for once."""
    if times == 1:
        return ""
    return f" {times} 次" if language == "zh" else (" twice" if times == 2 else f" {times} times")


def _of_pushes(pushes: Sequence[Push], language: Language) -> Iterator[_Weighed]:
    if pushes:
        times = sorted(push.time for push in pushes)
        text = SAID[language]["push"].format(time=clock(times[0]), count=_pushed(len(times), language))
        yield _Weighed(PUSH_NATS, Reason("push", times[0], times[-1], text))


def _pushed(times: int, language: Language) -> str:
    if times == 1:
        return ""
    return f"，共 {times} 次" if language == "zh" else f", {times} times in all"


def _of_sightings(sightings: Sequence[Sighting], language: Language) -> Iterator[_Weighed]:
    kinds: dict[SightingKind, list[Sighting]] = {}
    for sighting in sightings:
        kinds.setdefault(sighting.kind, []).append(sighting)
    for kind, seen in kinds.items():
        span = Span(min(each.span.start for each in seen), max(each.span.end for each in seen))
        written = max(seen, key=lambda each: (each.weight, -each.span.start)).text
        words = "photo" if kind == "sticker" and not written.strip() else kind
        text = SAID[language][words].format(time=clock(span.start), text=shortened(one_line(written), LONGEST_TEXT))
        yield _Weighed(sum(each.weight for each in seen), Reason(kind, span.start, span.end, text))
