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

from domain.audio import SAMPLE_RATE_HZ, Samples
from domain.clock import Seconds, Span
from domain.session import Language
from models.speech.device import DEFAULT_COMPUTE_TYPE, DEFAULT_DEVICE, check_device
from models.speech.recognizer import Chunk, DecodedChunk, TextLikelihoodScorer, Word
from models.speech.silence_removal import SpeechOnlyAudio, remove_silence
from models.speech.whisper_files import whisper_folder

PROMPTS: dict[Language, str | None] = {"zh": "以下是普通话的直播带货，使用简体中文。", "en": None}
"""Steers the script; every chunk sees it, so it is short."""

MAX_SPEECH_S: Seconds = 15.0  # of speech without a pause; then the detector cuts at the lowest probability
MIN_SILENCE_MS = 160  # as in faster-whisper's batched mode: finer pieces fill chunks better
MIN_SPEECH_MS = 100  # hosts call 好 and 上 on their own
CAREFUL_TEMPERATURES = (0.0, 0.4, 0.8)  # three of Whisper's own six: each costs a decoding
CAREFUL_REPETITION_PENALTY = 1.1  # in careful decoding only: elsewhere it costs right words
MAX_COMPRESSION_RATIO, MIN_MEAN_LOGPROB = 2.4, -1.0  # beyond which faster-whisper takes the next temperature
SEED = 20  # any fixed one
ENCODER_BATCH_WINDOWS = 2  # see _LowMemoryWhisperModel
FRAMES_PER_S = 100  # unit of a segment's `seek`
TRAILING_SILENCE_S: Seconds = 1.0  # audio that ends with its last word is recognised worse
MIN_TOKEN_PROBABILITY = 1e-9  # so that one impossible token does not hide how well the others fit


@dataclass(frozen=True, slots=True)
class WhisperSettings:
    """`threads`: cores one decoding uses. `voice_threshold`: chance from which a 32 ms frame counts as speech.

    `compute_type`: the numbers that CTranslate2 computes with; `check_device` says which there are.
    """

    model: str = "base"
    batch_size: int = 4
    beam_size: int = 1
    threads: int = 1
    voice_threshold: float = 0.3
    device: str = DEFAULT_DEVICE
    compute_type: str = DEFAULT_COMPUTE_TYPE

    @property
    def device_options(self) -> dict[str, str]:
        """As CTranslate2 and faster-whisper name them."""
        return {"device": self.device, "compute_type": self.compute_type}


@cache
def load_whisper(settings: WhisperSettings) -> "Whisper":
    """The recogniser with these settings, its weights in memory. Raises WeightsError when there are none.

    Raises SettingsError where this machine, perhaps one of a cluster, cannot compute so.
    """
    check_device(settings.device, settings.compute_type, "Whisper's")
    folder = str(whisper_folder(settings.model))
    return Whisper(settings, _LowMemoryWhisperModel(folder, **settings.device_options, cpu_threads=settings.threads))


class _LowMemoryWhisperModel(WhisperModel):  # type: ignore[misc]  # faster_whisper has no types
    """Encodes few windows at a time. A batch of eight takes 576 MB for attention (8 windows x 8 heads x 1500 x 1500
    floats), and on a CPU it is no faster: only decoding gains from batches. What a card encodes is copied to the CPU.
    """

    def encode(self, features: NDArray[np.float32]) -> ctranslate2.StorageView:
        """`features`: (windows, mels, frames) or (mels, frames)."""
        windows = features if features.ndim == 3 else features[None]
        batches = (windows[i : i + ENCODER_BATCH_WINDOWS] for i in range(0, len(windows), ENCODER_BATCH_WINDOWS))
        encoded = [self._encode_batch(group) for group in batches]
        return ctranslate2.StorageView.from_array(np.concatenate(encoded))

    def _encode_batch(self, windows: NDArray[np.float32]) -> NDArray[np.float32]:
        if self.model.device == "cpu":
            return np.asarray(super().encode(windows))
        features = ctranslate2.StorageView.from_array(np.ascontiguousarray(windows))
        return np.asarray(self.model.encode(features, to_cpu=True).to(ctranslate2.DataType.float32))


@dataclass(frozen=True, slots=True)
class Whisper:
    """A `Recognizer`."""

    settings: WhisperSettings
    model: Any  # faster_whisper.WhisperModel has no types

    def speech_in(self, audio: Samples) -> tuple[Span, ...]:
        options = VadOptions(
            threshold=self.settings.voice_threshold,
            min_silence_duration_ms=MIN_SILENCE_MS,
            min_speech_duration_ms=MIN_SPEECH_MS,
            max_speech_duration_s=MAX_SPEECH_S,
            speech_pad_ms=0,
        )
        timestamps = get_speech_timestamps(audio, options) if len(audio) else []
        return tuple(Span(each["start"] / SAMPLE_RATE_HZ, each["end"] / SAMPLE_RATE_HZ) for each in timestamps)

    def language_of(self, audio: Samples, chunks: Sequence[Chunk]) -> Language:
        probabilities = {"zh": 0.0, "yue": 0.0, "en": 0.0}
        for chunk in chunks:
            _, _, chunk_probabilities = self.model.detect_language(remove_silence(audio, [chunk]).audio)
            probabilities |= {
                code: probabilities[code] + chance for code, chance in chunk_probabilities if code in probabilities
            }
        return "en" if probabilities["en"] > probabilities["zh"] + probabilities["yue"] else "zh"

    def decode(self, audio: Samples, chunks: Sequence[Chunk], language: Language) -> Iterator[DecodedChunk]:
        for first in range(0, len(chunks), self.settings.batch_size):  # the features of long audio would fill memory
            yield from self._decode_batch(audio, chunks[first : first + self.settings.batch_size], language)

    def _decode_batch(self, audio: Samples, chunks: Sequence[Chunk], language: Language) -> Iterator[DecodedChunk]:
        speech_only = remove_silence(audio, chunks)
        pipeline = BatchedInferencePipeline(self.model)
        segments, _ = pipeline.transcribe(
            speech_only.audio,
            clip_timestamps=[{"start": clip.start, "end": clip.end} for clip in speech_only.chunk_spans],
            batch_size=self.settings.batch_size,
            beam_size=self.settings.beam_size,
            temperature=0.0,
            **_common_options(language),
        )
        next_index = 0
        for seek, group in groupby(segments, lambda segment: segment.seek):
            chunk_index = speech_only.chunk_index_at(seek / FRAMES_PER_S)
            yield from (_decoded_chunk(chunk, [], speech_only) for chunk in chunks[next_index:chunk_index])
            yield _decoded_chunk(chunks[chunk_index], list(group), speech_only)
            next_index = chunk_index + 1
        yield from (_decoded_chunk(chunk, [], speech_only) for chunk in chunks[next_index:])

    def decode_carefully(self, audio: Samples, chunk: Chunk, language: Language) -> DecodedChunk:
        speech_only = remove_silence(audio, [chunk])
        segments = self._transcribe_segments(self.model, speech_only, language, (0.0,))
        if any(
            each.compression_ratio > MAX_COMPRESSION_RATIO or each.avg_logprob < MIN_MEAN_LOGPROB for each in segments
        ):
            segments = self._transcribe_segments(self._reseeded_model(), speech_only, language, CAREFUL_TEMPERATURES)
        return _decoded_chunk(chunk, segments, speech_only)

    def _transcribe_segments(
        self, model: WhisperModel, speech_only: SpeechOnlyAudio, language: Language, temperatures: Sequence[float]
    ) -> list[Any]:
        segments, _ = model.transcribe(
            speech_only.audio,
            beam_size=max(2, self.settings.beam_size),
            best_of=2,
            temperature=list(temperatures),
            repetition_penalty=CAREFUL_REPETITION_PENALTY,
            condition_on_previous_text=False,
            **_common_options(language),
        )
        return list(segments)

    def _reseeded_model(self) -> WhisperModel:
        """The same model with threads of its own. CTranslate2 seeds a thread's random numbers once, on first use: in a
        thread that has used some, the same audio would be recognised differently.
        """
        ctranslate2.set_random_seed(SEED)
        model, folder = copy(self.model), str(whisper_folder(self.settings.model))
        options = self.settings.device_options
        model.model = ctranslate2.models.Whisper(folder, **options, intra_threads=self.settings.threads)
        return model

    def likelihoods_in(self, audio: Samples, names: Sequence[str], language: Language) -> TextLikelihoodScorer:
        """A scorer of texts as transcripts of `audio`, (samples,), at most half a minute.

        All texts are scored with the same hotwords `names`. Nothing is decoded, so nothing can be hallucinated. The
        audio is not padded to Whisper's half minute: a few seconds cost a quarter of that, and differences between
        texts change by at most 1 nat (measured).
        """
        tokenizer = Tokenizer(self.model.hf_tokenizer, multilingual=True, task="transcribe", language=language)
        prompt_tokens = tokenizer.encode(" " + ", ".join(names)) + tokenizer.encode(" " + (PROMPTS[language] or ""))
        start = [tokenizer.sot_prev, *prompt_tokens, *tokenizer.sot_sequence]
        encoded = np.asarray(self.model.encode(self._features(audio)))
        frames = round(len(audio) / SAMPLE_RATE_HZ * FRAMES_PER_S)

        def likelihoods(texts: Sequence[str]) -> tuple[float, ...]:
            tokens = [tokenizer.encode(_with_leading_space(text, language)) for text in texts]
            repeated = ctranslate2.StorageView.from_array(np.repeat(encoded, len(texts), axis=0))
            aligned = self.model.model.align(repeated, start, tokens, frames)
            return tuple(
                float(np.log(np.maximum(each.text_token_probs, MIN_TOKEN_PROBABILITY)).sum()) for each in aligned
            )

        return likelihoods

    def _features(self, audio: Samples) -> NDArray[np.float32]:
        """(mels, frames) of `audio` and TRAILING_SILENCE_S."""
        seconds = np.ceil(len(audio) / SAMPLE_RATE_HZ + TRAILING_SILENCE_S)
        frames = min(int(seconds) * FRAMES_PER_S, self.model.feature_extractor.nb_max_frames)
        features = self.model.feature_extractor(audio)[:, :frames]
        return np.pad(features, ((0, 0), (0, frames - features.shape[1])))


def _with_leading_space(text: str, language: Language) -> str:
    """`text` as Whisper writes it: Latin words begin with a blank."""
    return text if language == "zh" else f" {text}"


def _common_options(language: Language) -> dict[str, Any]:
    return {"language": language, "word_timestamps": True, "initial_prompt": PROMPTS[language]}


def _decoded_chunk(chunk: Chunk, segments: Sequence[Any], speech_only: SpeechOnlyAudio) -> DecodedChunk:
    """One result from faster-whisper's segments of one chunk."""
    return DecodedChunk(
        chunk,
        tuple(_original_words(segments, speech_only)),
        tokens=max((len(segment.tokens) for segment in segments), default=0),
        mean_logprob=float(np.mean([segment.avg_logprob for segment in segments])) if segments else 0.0,
        no_speech_chance=float(max((segment.no_speech_prob for segment in segments), default=1.0)),
    )


def _original_words(segments: Iterable[Any], speech_only: SpeechOnlyAudio) -> Iterator[Word]:
    for segment in segments:
        for word in segment.words or ():
            span = speech_only.original_span(float(word.start), float(word.end))
            yield Word(str(word.word), span.start, span.end)
