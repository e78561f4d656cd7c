"""Scripts as shows of captions alone: spoken as they are written, heard perfectly or by a recogniser with errors.

No pictures, and no event log but the pushes that `with_pushes` adds. The truth is the same however a show is heard.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal, get_args
from zlib import crc32

import numpy as np

from domain.catalog import Catalog
from domain.errors import ScriptError
from domain.session import Language
from learning.evaluation.gold_show import ProductEvent
from learning.simulation.asr_noise.error_model import ConfusionModel
from learning.simulation.asr_noise.noise_profiles import NoiseProfile
from learning.simulation.asr_noise.noisy_transcript import simulate_transcript
from learning.simulation.event_log_profile import EventLogProfile
from learning.simulation.profiles import default_profiles
from learning.simulation.pushes import simulate_pushes
from learning.simulation.scripts.script import ShowScript
from learning.simulation.scripts.speech_timing import assign_speech_times, derive_ground_truth
from learning.simulation.simulate import TRAILING_S
from learning.training.training_shows import TrainingShowInputs

Hearing = Literal["clean", "misheard"]
HEARINGS: tuple[Hearing, ...] = get_args(Hearing)
SEED = 12  # the same for ever: another seed gives other voices and other errors
MISHEARD_SHARES: dict[Language, float] = {"zh": 0.3, "en": 0.1}
"""Wrong characters (zh) and words (en) of misheard shows, chosen: Whisper base gets 20 to 36 % of characters wrong
where music is under the voice or hosts are fast."""
PUSH_PROFILE = EventLogProfile(
    name="pushes alone", push_lag=(0.0, 8.0), push_lag_std=4.0, missing_push_share=1 / 6, wrong_push_share=0.0
)
"""A room whose pushes are right and soon, if they come: a sixth is missing. Another sixth comes late."""
LATE_PUSH_SHARE = 1 / 5  # of those that come
LATE_PUSH_DELAY_S = (30.0, 90.0)  # beyond the lag of the room


def caption_show(
    script: ShowScript, hearing: Hearing, voice: int, confusion_model: ConfusionModel
) -> TrainingShowInputs:
    """The show of `script`, which depends on these four and SEED only. Each `voice` has its own pace and errors."""
    seeds = (SEED, crc32(script.id.encode()), voice)
    utterances = assign_speech_times(script, np.random.default_rng(seeds))
    profile = hearing_profile(hearing, script.language)
    duration = utterances[-1].span.end + TRAILING_S
    return TrainingShowInputs(
        script.id,
        script.writer,
        script.catalog,
        simulate_transcript(utterances, profile, confusion_model, np.random.default_rng((*seeds, 1))),
        (),
        (),
        derive_ground_truth(script.id, utterances, duration, script.catalog.by_id, script.manners),
        utterances,
    )


def hearing_profile(hearing: Hearing, language: Language) -> NoiseProfile:
    """Captions that people type without an error, or Whisper's errors at a fixed rate, with nothing lost besides."""
    is_clean = hearing == "clean"
    name = f"{language}-{'captions' if is_clean else 'whisper'}"
    profile = next(each for each in default_profiles().noise if each.name == name)
    error_rate = 0.0 if is_clean else MISHEARD_SHARES[language]
    exact = replace(
        profile, error_rate=(error_rate, error_rate), dropped_utterance_share=0.0, unintelligible_per_min=0.0
    )
    return replace(exact, punctuated_share=1.0, timestamp_jitter=0.0) if is_clean else exact


def with_pushes(show: TrainingShowInputs, voice: int) -> TrainingShowInputs:
    """The same show with pushes alone in its log, a third of them late or missing: the same ones at each call."""
    rng = np.random.default_rng((SEED, crc32(show.name.encode()), voice, 2))
    pushes = simulate_pushes(show.utterances, show.truth, show.catalog, PUSH_PROFILE, rng)
    is_late = rng.random(len(pushes)) < LATE_PUSH_SHARE
    times = np.array([push.time for push in pushes]) + is_late * rng.uniform(*LATE_PUSH_DELAY_S, len(pushes))
    events = (
        ProductEvent("product_push", time, push.product_id)
        for push, time in zip(pushes, times.tolist(), strict=True)
        if time < show.truth.duration
    )
    return replace(show, events=tuple(sorted(events, key=lambda event: event.time)))


def with_wrong_catalog(show: TrainingShowInputs, catalog: Catalog) -> TrainingShowInputs:
    """The same talk beside a catalogue of which nothing is shown: every highlight is false."""
    return replace(show, catalog=catalog, truth=replace(show.truth, highlights=(), ignored=()))


def scripts_by_writers(scripts: Sequence[ShowScript], writers: Iterable[str]) -> tuple[ShowScript, ...]:
    """The scripts of `writers`. Raises ScriptError for a writer who wrote none of them."""
    known_writers = {script.writer for script in scripts}
    wanted_writers = set(writers)
    if unknown_writers := sorted(wanted_writers - known_writers):
        raise ScriptError(
            "--writers", f"no script is by {unknown_writers[0]!r}", f"name some of {', '.join(sorted(known_writers))}"
        )
    return tuple(script for script in scripts if script.writer in wanted_writers)
