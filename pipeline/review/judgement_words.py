"""Why the machine judged so, in words and nats, and why it did not publish, for terminals and pages."""

from collections.abc import Callable, Mapping, Sequence

from domain.highlight import Highlight, MachineTake, PublishingThresholds, TakeEvidence, TakeEvidenceKind, TakesFile
from domain.session import Language
from domain.text import format_hms
from pipeline.review.match_takes import find_take

SEPARATOR = " · "
MIN_SHOWN_NATS = 0.05  # less is printed as 0.0, which tells nothing
Name = Callable[[str], str]
"""What people call the product with an id."""

EVIDENCE_WORDS: Mapping[Language, Mapping[TakeEvidenceKind, tuple[str, str]]] = {
    "zh": {
        "name": ("说了商品名", "没说商品名"),
        "title": ("说了标题里的词", "没说标题里的词"),
        "link": ("报了链接号", "链接号对不上"),
        "price": ("价格", "价格对不上"),
        "attribute": ("说了它的特点", "特点对不上"),
        "description": ("内容像它", "内容不像它"),
        "picture": ("画面里有它", "画面里没有它"),
        "log": ("推送和点击", "推送和点击对不上"),
        "context": ("前后提到", "只是顺带提到"),
        "talk": ("像在讲解", "像在闲聊"),
        "start": ("换了话题", "没换话题"),
        "end": ("话题收住", "话题没收住"),
        "rival": ("另一商品", "另一商品"),
    },
    "en": {
        "name": ("named", "not named"),
        "title": ("title words", "no title words"),
        "link": ("link number", "another link number"),
        "price": ("price", "another price"),
        "attribute": ("its traits", "other traits"),
        "description": ("sounds like it", "sounds unlike it"),
        "picture": ("in the picture", "not in the picture"),
        "log": ("pushes and clicks", "other pushes and clicks"),
        "context": ("said nearby", "only in passing"),
        "talk": ("explaining", "chatting"),
        "start": ("topic turns", "no new topic"),
        "end": ("topic closes", "topic goes on"),
        "rival": ("next product", "next product"),
    },
}
"""By language and kind: what speaks for a take, and what against it."""

PHRASES: Mapping[Language, Mapping[str, str]] = {
    "zh": {
        "product": "商品把握",
        "start": "起点把握",
        "approved": "已由人确认",
        "edited": "已由人修改",
        "added": "由人添加",
        "tie": "与“{}”分不清",
        "rest": "整场看，另一种切法更像",
        "unknown": "把握不够",
        "reviewed": "已有编辑的看点，或商品已下架",
        "withheld": "未发布",
        "for": "支持",
        "against": "反对",
        "products": "也可能是",
        "starts": "也可能始于",
    },
    "en": {
        "product": "product",
        "start": "start",
        "approved": "approved by a person",
        "edited": "edited by a person",
        "added": "added by a person",
        "tie": "tie with {}",
        "rest": "another reading of the show is likelier",
        "unknown": "not sure enough",
        "reviewed": "an editor's highlight covers it, or its product is delisted",
        "withheld": "not published",
        "for": "for",
        "against": "against",
        "products": "or else",
        "starts": "or from",
    },
}


def chances_text(highlight: Highlight, language: Language) -> str:
    """Which of product and start is how sure; for what people touched, that they did."""
    words = PHRASES[language]
    if highlight.status != "auto":
        return words[highlight.status]
    chances = {"product": highlight.product_confidence, "start": highlight.start_confidence}
    return SEPARATOR.join(f"{words[name]} {chance:.2f}" for name, chance in chances.items())


def evidence_for(evidence: Sequence[TakeEvidence]) -> list[TakeEvidence]:
    """What speaks for the take, the strongest first."""
    return sorted((each for each in evidence if each.nats >= MIN_SHOWN_NATS), key=lambda each: -each.nats)


def evidence_against(evidence: Sequence[TakeEvidence]) -> list[TakeEvidence]:
    """What speaks against the take, the strongest first."""
    return sorted((each for each in evidence if each.nats <= -MIN_SHOWN_NATS), key=lambda each: each.nats)


def evidence_text(evidence: Sequence[TakeEvidence], language: Language) -> str:
    """Each kind with its nats, such as "named +3.2 · next product -2.0"."""
    words = EVIDENCE_WORDS[language]
    return SEPARATOR.join(f"{words[each.kind][each.nats < 0]} {each.nats:+.1f}" for each in evidence)


def judgement_lines(
    highlight: Highlight, takes: TakesFile, language: Language, name: Name, *, is_suggestion: bool
) -> tuple[str, ...]:
    """All that is known of why the machine found `highlight`, a line for each kind of it; empty where it did not."""
    take = find_take(highlight, takes)
    if take is None:
        return ()
    judgement = take.judgement
    texts = {
        "withheld": withheld_text(highlight, take, takes, language, name) if is_suggestion else "",
        "for": evidence_text(evidence_for(judgement.evidence), language),
        "against": evidence_text(evidence_against(judgement.evidence), language),
        "products": SEPARATOR.join(f"{name(each.product_id)} {each.chance:.2f}" for each in judgement.other_products),
        "starts": SEPARATOR.join(f"{format_hms(each.seek)} {each.chance:.2f}" for each in judgement.other_starts),
    }
    return tuple(f"{PHRASES[language][kind]}: {text}" for kind, text in texts.items() if text)


def withheld_text(suggestion: Highlight, take: MachineTake, takes: TakesFile, language: Language, name: Name) -> str:
    """Why viewers do not see `suggestion`, which comes from `take`."""
    words = PHRASES[language]
    if any(each.id == take.id for each in takes.highlights):
        return words["reviewed"]
    if takes.thresholds is None:
        return words["unknown"]
    reasons = list(_shortfalls(suggestion, takes.thresholds, language))
    if take.judgement.is_tie:
        reasons.insert(0, words["tie"].format(name(take.product_ids[1])))
    return SEPARATOR.join(reasons) or words["rest"]


def _shortfalls(highlight: Highlight, thresholds: PublishingThresholds, language: Language) -> Sequence[str]:
    chances = {
        "product": (highlight.product_confidence, thresholds.product),
        "start": (highlight.start_confidence, thresholds.start),
    }
    words = PHRASES[language]
    return [
        f"{words[kind]} {_comparison(chance, threshold)}"
        for kind, (chance, threshold) in chances.items()
        if chance < threshold
    ]


def _comparison(chance: float, threshold: float) -> str:
    """Two decimals, or three where two would look equal; highlights.json keeps no more."""
    digits = 2 if f"{chance:.2f}" != f"{threshold:.2f}" else 3
    return f"{chance:.{digits}f} < {threshold:.{digits}f}"
