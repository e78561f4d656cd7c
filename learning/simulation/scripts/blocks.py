"""A script in blocks: one explanation each, with the chat inside it, or what lies between two explanations."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from domain.clock import Seconds
from domain.session import Language
from learning.simulation.scripts.script import Script, Utterance
from learning.simulation.scripts.speech_timing import BREATH, LONGEST_ASIDE, RATES, length_of


@dataclass(frozen=True, slots=True)
class Block:
    """Utterances that belong together. `about`: the products explained, sorted; none for what lies between."""

    about: tuple[str, ...]
    utterances: tuple[Utterance, ...]
    script: str

    @property
    def is_explanation(self) -> bool:
        return bool(self.about)


def blocks_of(script: Script) -> tuple[Block, ...]:
    """The blocks of `script` in order. Asides of up to about 20 s belong to the explanation that goes on after them."""
    runs: list[tuple[tuple[str, ...], list[Utterance]]] = []
    for utterance in script.utterances:
        about = tuple(sorted(utterance.about))
        if runs and runs[-1][0] == about:
            runs[-1][1].append(utterance)
        elif len(runs) > 1 and about and runs[-2][0] == about and _is_short(runs[-1], script.language):
            aside = runs.pop()
            runs[-1][1].extend((*aside[1], utterance))
        else:
            runs.append((about, [utterance]))
    return tuple(Block(about, tuple(utterances), script.id) for about, utterances in runs)


def _is_short(run: tuple[tuple[str, ...], Sequence[Utterance]], language: Language) -> bool:
    return not run[0] and seconds_of(run[1], language) <= LONGEST_ASIDE


def seconds_of(utterances: Iterable[Utterance], language: Language) -> Seconds:
    """About how long `utterances` take at the mean rate."""
    rate = sum(RATES[language]) / 2
    return sum(length_of(each.text, language) / rate + BREATH + (each.pause_after or 0.0) for each in utterances)


def thinned(block: Block, dropped: float, names: Sequence[str], rng: np.random.Generator) -> Block:
    """`block` without a share `dropped` of its utterances, and without those that say one of `names`.

    At least one utterance stays.
    """
    chances = rng.random(len(block.utterances)).tolist()
    kept = tuple(
        utterance
        for utterance, chance in zip(block.utterances, chances, strict=True)
        if chance >= dropped and not _says(utterance.text, names)
    )
    return replace(block, utterances=kept or block.utterances[:1])


def _says(text: str, names: Sequence[str]) -> bool:
    lower = text.lower()
    return any(name and name in lower for name in names)


def interleaved(one: Block, other: Block, rng: np.random.Generator) -> Block:
    """A bundle made of two explanations: their later halves in turn, each utterance about both."""
    about = tuple(sorted({*one.about, *other.about}))
    halves = [block.utterances[len(block.utterances) // 2 :] for block in (one, other)]
    mixed = [utterance for pair in _zipped(*halves, first=int(rng.integers(2))) for utterance in pair]
    return Block(about, tuple(replace(each, about=about) for each in mixed), one.script)


def _zipped(ones: Sequence[Utterance], others: Sequence[Utterance], *, first: int) -> Iterator[tuple[Utterance, ...]]:
    for i in range(max(len(ones), len(others))):
        pair = [part[i] for part in (ones, others) if i < len(part)]
        yield tuple(reversed(pair) if first else pair)
