"""The catalogue's spelling of recognised words: 生汤精华 sounds like 双抗精华."""

from collections.abc import Iterable, Iterator, Sequence

from domain.catalog import Product
from domain.evidence import Mention, MentionKind
from models.text.phonetic_tokens import PhoneticToken, fold_text, phonetic_tokens
from models.text.phrase_tables import phrase_patterns
from models.text.typography import to_single_line

MIN_TOKENS_BY_KIND: dict[MentionKind, int] = {"name": 2, "alias": 2, "brand": 2, "title": 3}
"""How many tokens a mention needs to be respelt; two of a title's often lie across a word boundary."""
MIN_FUZZY_NAME_TOKENS = 4  # one wrong token in so many is still that name, about as in name_index.py


def find_canonical_spelling(recognized: str, products: Iterable[Product]) -> str:
    """The catalogue's spelling of `recognized` in names of these products, else in their titles; `recognized` where
    none fits.
    """
    tokens = phonetic_tokens(recognized)
    if not tokens:
        return to_single_line(recognized)
    texts = [text for product in products for text in _name_texts(product)]
    exact = (window for text in texts for window in _matching_windows(tokens, text, max_mismatches=0))
    close = (
        window
        for text in texts
        for window in _matching_windows(tokens, text, max_mismatches=len(tokens) // MIN_FUZZY_NAME_TOKENS)
    )
    return next(exact, None) or next(close, None) or to_single_line(recognized)


def is_spelled_differently(recognized: str, canonical: str) -> bool:
    """Whether the two are written with other words; case, width, script, blanks and English endings are ignored."""
    ours, theirs = phonetic_tokens(recognized), phonetic_tokens(canonical)
    if len(ours) != len(theirs):
        return True
    return any(
        one.code != other.code
        or (not one.is_latin and one.surface != other.surface and not _is_same_number(one, other))
        for one, other in zip(ours, theirs, strict=True)
    )


def apply_canonical_spelling(text: str, mentions: Iterable[Mention], products: Sequence[Product]) -> str:
    """`text` with the names in it as the catalogue spells them: people read names, recognisers write sounds.

    Only where every sound is right, and no mark lies between: a quote must not change what was said.
    """
    for word, pattern in phrase_patterns(__name__, "misrecognized").items():
        text = pattern.sub(word, text)
    mention_texts = [m.text for m in mentions if len(phonetic_tokens(m.text)) >= MIN_TOKENS_BY_KIND.get(m.kind, 99)]
    for recognized in sorted(set(mention_texts), key=lambda text: (-len(text), text)):
        canonical = find_canonical_spelling(recognized, products)
        if is_spelled_differently(recognized, canonical) and _is_homophone(recognized, canonical):
            text = text.replace(recognized, canonical)
    return text


def _is_homophone(recognized: str, canonical: str) -> bool:
    ours, theirs = phonetic_tokens(recognized), phonetic_tokens(canonical)
    is_unbroken = sum(token.end - token.start for token in ours) == len("".join(recognized.split()))
    return is_unbroken and [token.code for token in ours] == [token.code for token in theirs]


def _name_texts(product: Product) -> Iterator[str]:
    yield from (product.short_name, *product.aliases, product.brand, product.title, *product.attributes.values())


def _matching_windows(tokens: Sequence[PhoneticToken], text: str, *, max_mismatches: int) -> Iterator[str]:
    """Every stretch of `text` that sounds like `tokens`, with at most `max_mismatches` wrong tokens."""
    text_tokens = phonetic_tokens(text)
    for start in range(len(text_tokens) - len(tokens) + 1):
        window = text_tokens[start : start + len(tokens)]
        mismatches = sum(one.code != other.code for one, other in zip(tokens, window, strict=True))
        if mismatches <= max_mismatches and (
            mismatches == 0 or len(window) == len(text_tokens)
        ):  # a wrong token is allowed in whole names only
            yield to_single_line(text[window[0].start : window[-1].end])


def _is_same_number(one: PhoneticToken, other: PhoneticToken) -> bool:
    """三 and 3 are one number in two scripts."""
    return fold_text(one.surface).isascii() != fold_text(other.surface).isascii()
