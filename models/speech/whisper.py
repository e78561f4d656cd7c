"""Whisper by faster-whisper: the only module that imports it. It is loaded once a process, on first use."""

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

import ctranslate2
import numpy as np
from faster_whisper import BatchedInferencePipeline, WhisperModel
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.vad import VadOptions, get_speech_timestamps
from numpy.typing import NDArray

from domain.clock import Seconds, Span
from domain.session import Language
from models.speech.recognizer import SAMPLE_RATE_HZ, Chunk, Heard, Likelihoods, Samples, Word
from models.speech.silence_removal import Compact, compact
from models.speech.whisper_files import folder_of

PROMPTS: dict[Language, str | None] = {"zh": "以下是普通话的直播带货，使用简体中文。", "en": None}
"""Steers the script; every chunk sees it, so it is short."""

LONGEST_STRETCH: Seconds = 15.0  # of speech without a pause; then the detector cuts at the best dip
SHORTEST_SILENCE_MS = 160  # as faster-whisper batched: finer pieces fill chunks better
SHORTEST_SPEECH_MS = 100  # hosts call 好 and 上 on their own
CAREFUL_TEMPERATURES = (0.0, 0.4, 0.8)  # three of Whisper's own six steps: each costs a decoding
CAREFUL_PENALTY = 1.1  # of repeated tokens, in the careful way only: it costs right words elsewhere
WORST_COMPRESSION, WORST_LOGPROB = 2.4, -1.0  # beyond which faster-whisper takes the next temperature
SEED = 20
ARITHMETIC = {"device": "cpu", "compute_type": "int8"}
WINDOWS_ENCODED_AT_ONCE = 2
FRAMES_PER_S = 100  # unit of a segment's `seek`
SILENCE_AFTER: Seconds = 1.0  # a sound that ends with its last word is heard worse
LOWEST_CHANCE = 1e-9  # of a token, so that one impossible token does not hide how well the others fit


@dataclass(frozen=True, slots=True)
class WhisperSettings:
    """`threads`: cores one decoding uses. `voice_threshold`: chance from which a 32 ms frame counts as speech."""

    model: str = "base"
    batch_size: int = 4
    beam_size: int = 1
    threads: int = 1
    voice_threshold: float = 0.3


@cache
def whisper(settings: WhisperSettings) -> "Whisper":
    """The recogniser with these settings, its weights in memory. Raises WeightsError when there are none."""
    folder = str(folder_of(settings.model))
    return Whisper(settings, _ThriftyModel(folder, **ARITHMETIC, cpu_threads=settings.threads))


class _ThriftyModel(WhisperModel):  # type: ignore[misc]  # faster_whisper has no types
    """Encodes few windows at a time. A batch of eight holds 576 MB of attention at once (8 windows x 8 heads x 1500 x
    1500 floats); on a processor it is no faster, for only decoding gains from batches."""

    def encode(self, features: NDArray[np.float32]) -> ctranslate2.StorageView:
        """`features`: (windows, mels, frames) or (mels, frames)."""
        windows = features if features.ndim == 3 else features[None]
        groups = (windows[i : i + WINDOWS_ENCODED_AT_ONCE] for i in range(0, len(windows), WINDOWS_ENCODED_AT_ONCE))
        encoded = [np.asarray(super(_ThriftyModel, self).encode(group)) for group in groups]
        return ctranslate2.StorageView.from_array(np.concatenate(encoded))


@dataclass(frozen=True, slots=True)
class Whisper:
    """A `Recognizer`."""

    settings: WhisperSettings
    model: Any  # faster_whisper.WhisperModel has no types

    def speech_in(self, sound: Samples) -> tuple[Span, ...]:
        options = VadOptions(
            threshold=self.settings.voice_threshold,
            min_silence_duration_ms=SHORTEST_SILENCE_MS,
            min_speech_duration_ms=SHORTEST_SPEECH_MS,
            max_speech_duration_s=LONGEST_STRETCH,
            speech_pad_ms=0,
        )
        found = get_speech_timestamps(sound, options) if len(sound) else []
        return tuple(Span(each["start"] / SAMPLE_RATE_HZ, each["end"] / SAMPLE_RATE_HZ) for each in found)

    def language_of(self, sound: Samples, chunks: Sequence[Chunk]) -> Language:
        chances = {"zh": 0.0, "yue": 0.0, "en": 0.0}
        for chunk in chunks:
            _, _, heard = self.model.detect_language(compact(sound, [chunk]).sound)
            chances |= {code: chances[code] + chance for code, chance in heard if code in chances}
        return "en" if chances["en"] > chances["zh"] + chances["yue"] else "zh"

    def decode(self, sound: Samples, chunks: Sequence[Chunk], language: Language) -> Iterator[Heard]:
        for first in range(0, len(chunks), self.settings.batch_size):  # its features of a long sound would fill memory
            yield from self._decode_batch(sound, chunks[first : first + self.settings.batch_size], language)

    def _decode_batch(self, sound: Samples, chunks: Sequence[Chunk], language: Language) -> Iterator[Heard]:
        dense = compact(sound, chunks)
        pipeline = BatchedInferencePipeline(self.model)
        segments, _ = pipeline.transcribe(
            dense.sound,
            clip_timestamps=[{"start": clip.start, "end": clip.end} for clip in dense.clips],
            batch_size=self.settings.batch_size,
            beam_size=self.settings.beam_size,
            temperature=0.0,
            **_always(language),
        )
        following = 0
        for seek, group in groupby(segments, lambda segment: segment.seek):
            at = dense.clip_at(seek / FRAMES_PER_S)
            yield from (_heard(chunk, [], dense) for chunk in chunks[following:at])
            yield _heard(chunks[at], list(group), dense)
            following = at + 1
        yield from (_heard(chunk, [], dense) for chunk in chunks[following:])

    def decode_carefully(self, sound: Samples, chunk: Chunk, language: Language) -> Heard:
        dense = compact(sound, [chunk])
        segments = self._segments(self.model, dense, language, (0.0,))
        if any(each.compression_ratio > WORST_COMPRESSION or each.avg_logprob < WORST_LOGPROB for each in segments):
            segments = self._segments(self._seeded(), dense, language, CAREFUL_TEMPERATURES)
        return _heard(chunk, segments, dense)

    def _segments(
        self, model: WhisperModel, dense: Compact, language: Language, temperatures: Sequence[float]
    ) -> list[Any]:
        segments, _ = model.transcribe(
            dense.sound,
            beam_size=max(2, self.settings.beam_size),
            best_of=2,
            temperature=list(temperatures),
            repetition_penalty=CAREFUL_PENALTY,
            condition_on_previous_text=False,
            **_always(language),
        )
        return list(segments)

    def _seeded(self) -> WhisperModel:
        """The same model with threads of its own. CTranslate2 seeds what a thread draws once, when it first draws: in
        a thread that drew before, the same sound would be heard differently."""
        ctranslate2.set_random_seed(SEED)
        model, folder = copy(self.model), str(folder_of(self.settings.model))
        model.model = ctranslate2.models.Whisper(folder, **ARITHMETIC, intra_threads=self.settings.threads)
        return model

    def likelihoods_in(self, sound: Samples, names: Sequence[str], language: Language) -> Likelihoods:
        """Weighs texts by how likely they are as what `sound`, at most half a minute, says.

        All are weighed with the same `names` to listen for. Nothing is decoded, so nothing can be made up. The sound
        is not filled up to Whisper's half minute: a few seconds cost a quarter of that, and the differences between
        texts stay within 1 nat (measured).
        """
        tokenizer = Tokenizer(self.model.hf_tokenizer, multilingual=True, task="transcribe", language=language)
        hints = tokenizer.encode(" " + ", ".join(names)) + tokenizer.encode(" " + (PROMPTS[language] or ""))
        start = [tokenizer.sot_prev, *hints, *tokenizer.sot_sequence]
        encoded = np.asarray(self.model.encode(self._features(sound)))
        frames = round(len(sound) / SAMPLE_RATE_HZ * FRAMES_PER_S)

        def likelihoods(texts: Sequence[str]) -> tuple[float, ...]:
            tokens = [tokenizer.encode(_spoken(text, language)) for text in texts]
            repeated = ctranslate2.StorageView.from_array(np.repeat(encoded, len(texts), axis=0))
            aligned = self.model.model.align(repeated, start, tokens, frames)
            return tuple(float(np.log(np.maximum(each.text_token_probs, LOWEST_CHANCE)).sum()) for each in aligned)

        return likelihoods

    def _features(self, sound: Samples) -> NDArray[np.float32]:
        """(mels, frames) of `sound` and SILENCE_AFTER."""
        seconds = np.ceil(len(sound) / SAMPLE_RATE_HZ + SILENCE_AFTER)
        frames = min(int(seconds) * FRAMES_PER_S, self.model.feature_extractor.nb_max_frames)
        features = self.model.feature_extractor(sound)[:, :frames]
        return np.pad(features, ((0, 0), (0, frames - features.shape[1])))


def _spoken(text: str, language: Language) -> str:
    """`text` as Whisper writes: Latin words begin with a blank."""
    return text if language == "zh" else f" {text}"


def _always(language: Language) -> dict[str, Any]:
    return {"language": language, "word_timestamps": True, "initial_prompt": PROMPTS[language]}


def _heard(chunk: Chunk, segments: Sequence[Any], dense: Compact) -> Heard:
    """One answer from faster-whisper's segments of one chunk."""
    return Heard(
        chunk,
        tuple(_words(segments, dense)),
        tokens=max((len(segment.tokens) for segment in segments), default=0),
        mean_logprob=float(np.mean([segment.avg_logprob for segment in segments])) if segments else 0.0,
        no_speech_chance=float(max((segment.no_speech_prob for segment in segments), default=1.0)),
    )


def _words(segments: Iterable[Any], dense: Compact) -> Iterator[Word]:
    for segment in segments:
        for word in segment.words or ():
            span = dense.original(float(word.start), float(word.end))
            yield Word(str(word.word), span.start, span.end)
