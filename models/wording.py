"""Words for people about a take: its title, a summary in the host's words, moments, and the reasons."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from domain.catalog import Product
from domain.clock import Span
from domain.evidence import Mention, MentionKind
from domain.highlight import Moment, MomentKind, Reason
from domain.session import Language
from domain.speech import Sentence
from models.cues import CueKind, cues_in

LONGEST_TITLE = 40  # characters: one line on a phone
LONGEST_QUOTE = 60
SUMMARY_SENTENCES = 2
SUMMARY_CUES: frozenset[CueKind] = frozenset({"giveaway", "preview", "question", "link"})
MOMENTS: tuple[tuple[CueKind, MomentKind], ...] = (
    ("price", "price"),
    ("demo", "demo"),
    ("link", "link"),
    ("coupon", "coupon"),
    ("question", "question"),
)
REASONS: dict[Language, dict[MentionKind, str]] = {
    "zh": {
        "name": "说到“{text}” {count}",
        "alias": "说到“{text}” {count}",
        "brand": "提到品牌“{text}” {count}",
        "title": "说到标题里的“{text}” {count}",
        "link": "报链接号“{text}” {count}",
        "price": "报价“{text}” {count}",
    },
    "en": {
        "name": 'said "{text}" {count}',
        "alias": 'said "{text}" {count}',
        "brand": 'named the brand "{text}" {count}',
        "title": 'said "{text}", from the title, {count}',
        "link": 'gave the link number "{text}" {count}',
        "price": 'gave the price "{text}" {count}',
    },
}
MOST_REASONS = 5


def title_of(product: Product) -> str:
    """One line: the brand and the product's name, the brand once."""
    name, brand = (" ".join(text.split()) for text in (product.name, product.brand))
    title = name if brand.lower() in name.lower() else f"{brand} {name}"
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1] + "…"


def summary_of(sentences: Mapping[int, Sentence], mentions: Sequence[Mention], language: Language) -> str:
    """The sentences that say most about the product, as they were heard, in order. Keys: numbers in the show."""
    weight = Counter[int]()
    for mention in mentions:
        weight[mention.sentence] += round(1000 * mention.weight)
    telling = [
        number
        for number, sentence in sentences.items()
        if weight[number] and sentence.is_reliable and SUMMARY_CUES.isdisjoint(cues_in(sentence.text, language).kinds)
    ]
    best = sorted(telling, key=lambda number: (-weight[number], number))[:SUMMARY_SENTENCES]
    joint = "" if language == "zh" else " "
    return joint.join(sentences[number].text.strip() for number in sorted(best))


def moments_of(sentences: Iterable[Sentence], language: Language) -> tuple[Moment, ...]:
    """The first price, demonstration, link, coupon and question of a take, by time."""
    found: dict[MomentKind, Moment] = {}
    for sentence in sentences:
        kinds = cues_in(sentence.text, language).kinds if sentence.is_reliable else frozenset()
        for cue, kind in MOMENTS:
            if cue in kinds and kind not in found:
                found[kind] = Moment(kind, sentence.start, sentence.text.strip()[:LONGEST_QUOTE])
    return tuple(sorted(found.values(), key=lambda moment: moment.at))


def reasons_of(mentions: Sequence[Mention], language: Language) -> tuple[Reason, ...]:
    """Why the take is about its product, the heaviest reasons first."""
    groups: dict[tuple[MentionKind, str], list[Mention]] = {}
    for mention in mentions:
        groups.setdefault((mention.kind, mention.text), []).append(mention)
    heaviest = sorted(groups.items(), key=lambda item: -sum(mention.weight for mention in item[1]))
    return tuple(_reason(kind, text, group, language) for (kind, text), group in heaviest[:MOST_REASONS])


def _reason(kind: MentionKind, text: str, group: Sequence[Mention], language: Language) -> Reason:
    count = {"zh": f"{len(group)} 次", "en": "once" if len(group) == 1 else f"{len(group)} times"}[language]
    words = REASONS[language][kind].format(text=text.strip(), count=count)
    span = Span(min(mention.span.start for mention in group), max(mention.span.end for mention in group))
    return Reason(kind, span.start, span.end, words)
