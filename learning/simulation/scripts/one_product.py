"""A room of one product: a script cut to what is said of it, pitched again and again, and chat."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from domain.catalog import Catalog
from domain.clock import Seconds
from domain.session import Language
from learning.simulation.scripts.blocks import estimated_duration, split_into_blocks
from learning.simulation.scripts.script import ShowScript, Utterance

WRITTEN_PITCHES = 3  # a script with so many of a product is a room of one product already
MIN_PITCH_S: Seconds = 30.0  # shorter runs are no pitches
MAX_PITCHES = 6
MIN_BREAK_S: Seconds = 30.0  # of chat between two pitches; with fast hosts less is an aside, which ends no pitch
PITCH_SHARE = (0.55, 0.85)  # of what is said of the product, in one pitch
MIN_SPOKEN_SHARE = 0.7  # of what is said of the longest product; less makes poor pitches


def keep_one_product(script: ShowScript, rng: np.random.Generator) -> ShowScript:
    """`script` without what is said of any product but one, which is drawn. Its catalogue holds that one alone.

    A product that has fewer than WRITTEN_PITCHES is pitched up to MAX_PITCHES times, as the chat allows. Each pitch
    says sentences of the script in their order, other ones than the pitch before as far as there are enough. A script
    that explains no product by itself stays as it is.
    """
    spoken = _spoken_seconds(script)
    if not spoken:
        return script
    candidates = sorted(id_ for id_, seconds in spoken.items() if seconds >= MIN_SPOKEN_SHARE * max(spoken.values()))
    product_id = candidates[int(rng.integers(len(candidates)))]
    room = replace(
        script,
        catalog=Catalog((script.catalog.by_id[product_id],)),
        utterances=tuple(_utterances_of(script, product_id)),
    )
    return room if _count_pitches(room) >= WRITTEN_PITCHES else _pitch_again(room, rng)


def _spoken_seconds(script: ShowScript) -> dict[str, Seconds]:
    """How long each product is explained by itself."""
    explained_ids = sorted({each.about[0] for each in script.utterances if len(each.about) == 1})
    return {
        id_: estimated_duration([each for each in script.utterances if each.about == (id_,)], script.language)
        for id_ in explained_ids
    }


def _utterances_of(script: ShowScript, product_id: str) -> Iterator[Utterance]:
    for each in script.utterances:
        if {*each.about, *each.mentions} <= {product_id}:
            yield each if each.push == product_id else replace(each, push=None)


def _count_pitches(room: ShowScript) -> int:
    return sum(
        block.is_explanation and estimated_duration(block.utterances, room.language) >= MIN_PITCH_S
        for block in split_into_blocks(room)
    )


def _pitch_again(room: ShowScript, rng: np.random.Generator) -> ShowScript:
    """`room` with pitches between equal parts of its chat; as it is where there is too little chat."""
    chat = [each for each in room.utterances if not each.about]
    pitch_count = min(MAX_PITCHES, int(estimated_duration(chat, room.language) / MIN_BREAK_S))
    if pitch_count < 2:
        return room
    pitches = _draw_pitches([each for each in room.utterances if each.about], pitch_count, rng)
    opening, *breaks = _split_chat(chat, pitch_count, room.language)
    utterances = [*opening]
    for pitch, chat_after in zip(pitches, breaks, strict=True):
        utterances += (*pitch, *chat_after)
    return replace(room, utterances=tuple(utterances))


def _draw_pitches(
    spoken: Sequence[Utterance], pitch_count: int, rng: np.random.Generator
) -> Iterator[tuple[Utterance, ...]]:
    """Utterances of `spoken` in their order, dealt from a shuffled deck that begins again when it is used up."""
    deck, position = rng.permutation(len(spoken)), 0
    for _ in range(pitch_count):
        size = max(1, round(float(rng.uniform(*PITCH_SHARE)) * len(spoken)))
        yield tuple(spoken[i] for i in sorted(deck.take(range(position, position + size), mode="wrap").tolist()))
        position += size


def _split_chat(chat: Sequence[Utterance], pitch_count: int, language: Language) -> list[list[Utterance]]:
    """`chat` in order: half a part before the first pitch, a whole one after each pitch but the last, and the rest."""
    parts: list[list[Utterance]] = [[] for _ in range(pitch_count + 1)]
    total, spoken = estimated_duration(chat, language), 0.0
    for each in chat:
        parts[min(pitch_count, int(spoken / total * pitch_count + 0.5))].append(each)
        spoken += estimated_duration([each], language)
    return parts
