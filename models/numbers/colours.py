"""Colours as hosts say them: every shade belongs to a family, so that "blue" fits what the catalogue calls navy."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from models.text.phonetic_tokens import PhoneticToken, phonetic_tokens, token_codes, token_surfaces

BASIC_COLOURS: Mapping[str, Sequence[str]] = {
    "black": ("黑色", "black"),
    "white": ("白色", "white"),
    "beige": ("米色", "杏色", "beige", "cream"),
    "grey": ("灰色", "grey", "gray"),
    "blue": ("蓝色", "blue"),
    "green": ("绿色", "green"),
    "red": ("红色", "red"),
    "pink": ("粉色", "粉红色", "粉红", "pink"),
    "purple": ("紫色", "purple"),
    "brown": ("棕色", "咖色", "咖啡色", "褐色", "brown"),
    "yellow": ("黄色", "yellow"),
    "orange": ("橙色", "橘色", "orange"),
    "silver": ("银色", "银白色", "silver"),
    "gold": ("金色", "golden"),
}
"""The words for a family itself; for each, one shade."""
COLOUR_SHADES: Mapping[str, Sequence[Sequence[str]]] = {
    "black": (("曜石黑", "曜黑"), ("碳黑", "炭黑"), ("墨黑",)),
    "white": (("米白", "米白色"), ("奶白", "奶白色"), ("象牙白", "ivory"), ("月光白",), ("off white",)),
    "beige": (("奶油色",), ("卡其", "卡其色", "khaki"), ("燕麦色", "oatmeal"), ("驼色", "camel"), ("裸色", "nude")),
    "grey": (("浅灰", "light gray", "light grey"), ("深灰", "dark gray", "dark grey", "charcoal"), ("烟灰",)),
    "blue": (
        ("雾霾蓝",), ("藏青", "藏青色", "藏蓝", "藏蓝色", "navy", "navy blue"), ("天蓝", "天蓝色", "sky blue"),
        ("深蓝", "深蓝色", "dark blue"), ("浅蓝", "浅蓝色", "light blue"), ("宝蓝", "宝蓝色", "royal blue"), ("teal",),
        ("克莱因蓝",), ("冰川蓝",),
    ),
    "green": (("墨绿", "墨绿色", "dark green"), ("军绿", "军绿色", "olive"), ("薄荷绿", "mint green"),
              ("牛油果绿",), ("浅绿", "light green"), ("抹茶绿",), ("sage", "sage green"), ("橄榄绿",)),
    "red": (("酒红", "酒红色", "burgundy"), ("枣红", "枣红色"), ("砖红", "砖红色"), ("正红",), ("玫红",)),
    "pink": (("樱花粉",), ("豆沙色",), ("藕粉", "藕粉色"), ("hot pink",), ("浅粉", "light pink")),
    "purple": (("香芋紫",), ("薰衣草紫", "lavender"), ("浅紫",), ("lilac",)),
    "brown": (("焦糖色", "caramel"), ("巧克力色",), ("深棕", "dark brown"), ("tan",)),
    "yellow": (("鹅黄",), ("柠檬黄",), ("mustard",)),
    "orange": (("珊瑚橙",), ("焦橙",), ("coral",)),
    "silver": (),
    "gold": (("玫瑰金", "rose gold"), ("香槟金", "champagne")),
}  # fmt: skip
MAX_COLOUR_TOKENS = 4  # tokens of a word
SHORT_HOMOPHONE_SHARE = 0.5  # share of a colour of two syllables that is not written as it should be
HOMOPHONE_SHARE = 0.85  # of longer ones


@dataclass(frozen=True, slots=True)
class ColourMatch:
    """A colour at text[start:end]. `shade`: the first of its words; it is the family's name for a plain colour.

    `weight_share`, in (0, 1]: less than 1 where only the sound is right.
    """

    family: str
    shade: str
    start: int
    end: int
    weight_share: float


def find_colours(text: str) -> Iterator[ColourMatch]:
    """The colours in `text`, from left to right, the longest word at each place."""
    tokens = phonetic_tokens(text)
    codes = token_codes(tokens)
    vocabulary = _colour_vocabulary()
    index = 0
    while index < len(tokens):
        length = next((n for n in range(MAX_COLOUR_TOKENS, 0, -1) if codes[index : index + n] in vocabulary), 0)
        if length:
            yield _colour_match(tokens[index : index + length], codes[index : index + length])
        index += max(1, length)


def _colour_match(tokens: Sequence[PhoneticToken], codes: tuple[str, ...]) -> ColourMatch:
    family, shade, surfaces = _colour_vocabulary()[codes]
    is_exact_spelling = tokens[0].is_latin or token_surfaces(tokens) == surfaces
    share = 1.0 if is_exact_spelling else SHORT_HOMOPHONE_SHARE if len(codes) <= 2 else HOMOPHONE_SHARE
    return ColourMatch(family, shade, tokens[0].start, tokens[-1].end, share)


def _colour_words() -> Iterator[tuple[str, str, str]]:
    for family, words in BASIC_COLOURS.items():
        for word in words:
            yield family, family, word
        for shade in COLOUR_SHADES[family]:
            for word in shade:
                yield family, shade[0], word


@cache
def _colour_vocabulary() -> dict[tuple[str, ...], tuple[str, str, tuple[str, ...]]]:
    """Family, shade and writing of every word, by its sounds."""
    vocabulary: dict[tuple[str, ...], tuple[str, str, tuple[str, ...]]] = {}
    for family, shade, word in _colour_words():
        tokens = phonetic_tokens(word)
        codes = token_codes(tokens)
        vocabulary.setdefault(codes, (family, shade, token_surfaces(tokens)))
    return vocabulary
