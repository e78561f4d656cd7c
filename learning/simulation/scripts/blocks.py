"""A script in blocks: explanations with the chat inside them, and what lies between."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from domain.clock import Seconds
from domain.session import Language
from learning.simulation.scripts.script import ShowScript, Utterance
from learning.simulation.scripts.speech_timing import MAX_ASIDE_S, MEDIAN_BREATH_S, SPEECH_RATES, speech_length


@dataclass(frozen=True, slots=True)
class ScriptBlock:
    """Utterances that belong together. `about`: the explained products, sorted; none between explanations."""

    about: tuple[str, ...]
    utterances: tuple[Utterance, ...]
    script_id: str

    @property
    def is_explanation(self) -> bool:
        return bool(self.about)


def split_into_blocks(script: ShowScript) -> tuple[ScriptBlock, ...]:
    """The blocks of `script` in order. Asides of up to about 20 s belong to the explanation that continues
    after them.
    """
    runs: list[tuple[tuple[str, ...], list[Utterance]]] = []
    for utterance in script.utterances:
        about = tuple(sorted(utterance.about))
        if runs and runs[-1][0] == about:
            runs[-1][1].append(utterance)
        elif len(runs) > 1 and about and runs[-2][0] == about and _is_short_aside(runs[-1], script.language):
            aside = runs.pop()
            runs[-1][1].extend((*aside[1], utterance))
        else:
            runs.append((about, [utterance]))
    return tuple(ScriptBlock(about, tuple(utterances), script.id) for about, utterances in runs)


def _is_short_aside(run: tuple[tuple[str, ...], Sequence[Utterance]], language: Language) -> bool:
    return not run[0] and estimated_duration(run[1], language) <= MAX_ASIDE_S


def estimated_duration(utterances: Iterable[Utterance], language: Language) -> Seconds:
    """The duration of `utterances` at the mean speech rate."""
    rate = sum(SPEECH_RATES[language]) / 2
    return sum(
        speech_length(each.text, language) / rate + MEDIAN_BREATH_S + (each.pause_after or 0.0) for each in utterances
    )


def thin_block(
    block: ScriptBlock, dropout: float, excluded_names: Sequence[str], rng: np.random.Generator
) -> ScriptBlock:
    """`block` without a share `dropout` of its utterances, and without those that contain one of `excluded_names`.

    At least one utterance stays.
    """
    chances = rng.random(len(block.utterances)).tolist()
    kept_utterances = tuple(
        utterance
        for utterance, chance in zip(block.utterances, chances, strict=True)
        if chance >= dropout and not _mentions_any(utterance.text, excluded_names)
    )
    return replace(block, utterances=kept_utterances or block.utterances[:1])


def _mentions_any(text: str, names: Sequence[str]) -> bool:
    lower = text.lower()
    return any(name and name in lower for name in names)


def interleave_blocks(first_block: ScriptBlock, second_block: ScriptBlock, rng: np.random.Generator) -> ScriptBlock:
    """A bundle of two explanations: their second halves in turn, each utterance about both."""
    about = tuple(sorted({*first_block.about, *second_block.about}))
    halves = [block.utterances[len(block.utterances) // 2 :] for block in (first_block, second_block)]
    mixed_utterances = [
        utterance for pair in _interleave(*halves, swaps_halves=int(rng.integers(2))) for utterance in pair
    ]
    return ScriptBlock(about, tuple(replace(each, about=about) for each in mixed_utterances), first_block.script_id)


def _interleave(
    first_half: Sequence[Utterance], second_half: Sequence[Utterance], *, swaps_halves: int
) -> Iterator[tuple[Utterance, ...]]:
    for i in range(max(len(first_half), len(second_half))):
        pair = [part[i] for part in (first_half, second_half) if i < len(part)]
        yield tuple(reversed(pair) if swaps_halves else pair)
