"""What the catalogue means by words that were heard: 生汤精华 sounds like 双抗精华."""

import re
from collections.abc import Iterable, Iterator, Sequence

from domain.catalog import Product
from domain.evidence import Mention, MentionKind
from models.text.phonetic_tokens import Token, folded, tokens_of
from models.text.typography import one_line

FEWEST_SOUNDS: dict[MentionKind, int] = {"name": 2, "alias": 2, "brand": 2, "title": 3}
"""How many sounds words need to be spelt as in the catalogue; two of a title's often lie across a border of words."""
LINK = re.compile(r"(?<=号)[连练链炼恋脸][结接节界街姐](?![了过])")  # 二号练结
PRICE_TAIL = re.compile(
    r"(?<=[0-9一二三四五六七八九十百千两][块元])[酒久](?![0-9一二三四五六七八九十百千红心精])"
)  # 二十九块酒
SHORTEST_FUZZY_NAME = 4  # sounds; one wrong in so many is still that name, as the matcher has it


def meant_by(heard: str, products: Iterable[Product]) -> str:
    """The catalogue's spelling of `heard` in names of these products, else in their titles; `heard` where none fits."""
    tokens = tokens_of(heard)
    if not tokens:
        return one_line(heard)
    texts = [text for product in products for text in _names(product)]
    exact = (found for text in texts for found in _windows(tokens, text, wrong=0))
    close = (found for text in texts for found in _windows(tokens, text, wrong=len(tokens) // SHORTEST_FUZZY_NAME))
    return next(exact, None) or next(close, None) or one_line(heard)


def is_spelt_otherwise(heard: str, meant: str) -> bool:
    """Whether the two are written with other words; case, width, script, blanks and English endings don't count."""
    ours, theirs = tokens_of(heard), tokens_of(meant)
    if len(ours) != len(theirs):
        return True
    return any(
        one.code != other.code or (not one.is_word and one.written != other.written and not _is_number(one, other))
        for one, other in zip(ours, theirs, strict=True)
    )


def spelt_out(text: str, mentions: Iterable[Mention], products: Sequence[Product]) -> str:
    """`text` with the names in it as the catalogue spells them: people read names, recognisers write sounds.

    Only where every sound is right, and no mark lies between: a quote must stay what was said.
    """
    text = PRICE_TAIL.sub("九", LINK.sub("链接", text))
    named = [m.text for m in mentions if len(tokens_of(m.text)) >= FEWEST_SOUNDS.get(m.kind, 99)]
    for heard in sorted(set(named), key=lambda heard: (-len(heard), heard)):
        meant = meant_by(heard, products)
        if is_spelt_otherwise(heard, meant) and _sounds_like(heard, meant):
            text = text.replace(heard, meant)
    return text


def _sounds_like(heard: str, meant: str) -> bool:
    ours, theirs = tokens_of(heard), tokens_of(meant)
    is_unbroken = sum(token.end - token.start for token in ours) == len("".join(heard.split()))
    return is_unbroken and [token.code for token in ours] == [token.code for token in theirs]


def _names(product: Product) -> Iterator[str]:
    yield from (product.short_name, *product.aliases, product.brand, product.title, *product.attributes.values())


def _windows(tokens: Sequence[Token], text: str, *, wrong: int) -> Iterator[str]:
    """Every stretch of `text` that sounds like `tokens`, with at most `wrong` sounds off."""
    there = tokens_of(text)
    for start in range(len(there) - len(tokens) + 1):
        window = there[start : start + len(tokens)]
        off = sum(one.code != other.code for one, other in zip(tokens, window, strict=True))
        if off <= wrong and (off == 0 or len(window) == len(there)):  # a wrong sound is forgiven in whole names only
            yield one_line(text[window[0].start : window[-1].end])


def _is_number(one: Token, other: Token) -> bool:
    """三 and 3 are one number in two scripts."""
    return folded(one.written).isascii() != folded(other.written).isascii()
