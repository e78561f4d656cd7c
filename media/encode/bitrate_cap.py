"""The first rule of the encode: no rendition's pictures take more bytes than the recorded ones."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import ceil, log2
from pathlib import Path

from domain.replay import EncodedVideoPart, Rendition, RenditionLadder, SkippedRendition
from media.encode.encoders import ENCODER_MAX_CRF
from media.encode.packet_bytes import encoded_video_bytes

CRF_PER_HALVED_RATE = 6.0  # CRF for half the bits: H.264's, on recordings; AV1 may need more attempts


def raise_oversized_crfs(
    encoded_files: Mapping[Rendition, Path], max_bytes: int, min_crf_increase: int
) -> dict[Rendition, Path]:
    """Those of the made files that are larger than they may be, with CRFs, so much higher at least, that should fit."""
    size_ratios = {one: encoded_video_bytes(file) / max(1, max_bytes) for one, file in encoded_files.items()}
    return {
        replace(
            one, crf=min(ENCODER_MAX_CRF[one.codec], one.crf + max(min_crf_increase, _crf_increase(size_ratios[one])))
        ): file
        for one, file in encoded_files.items()
        if size_ratios[one] > 1 and one.crf < ENCODER_MAX_CRF[one.codec]
    }


def _crf_increase(size_ratio: float) -> int:
    return ceil(log2(size_ratio) * CRF_PER_HALVED_RATE)


def select_fitting_renditions(
    parts: Sequence[EncodedVideoPart], encoding: RenditionLadder
) -> tuple[list[int], tuple[SkippedRendition, ...]]:
    """The numbers of the renditions that are no larger than the recording, at least the smallest; and the others."""
    recorded_bytes = sum(piece.source_video_bytes for piece in parts)
    sizes_bytes = [sum(piece.video_bytes[number] for piece in parts) for number in range(len(encoding.renditions))]
    is_kept = [
        one.is_passthrough or size <= recorded_bytes for one, size in zip(encoding.renditions, sizes_bytes, strict=True)
    ]
    kept_numbers = [number for number, keep in enumerate(is_kept) if keep] or [sizes_bytes.index(min(sizes_bytes))]
    dropped = (one for number, one in enumerate(encoding.renditions) if number not in kept_numbers)
    return kept_numbers, tuple(SkippedRendition(one.name, "came out larger than the recording") for one in dropped)


def compatibility_warnings(renditions: Sequence[Rendition]) -> tuple[str, ...]:
    """A warning for people where devices are left without a replay: no H.264 is as small as the recording."""
    if any(rendition.codec == "h264" for rendition in renditions):
        return ()
    warning = "the replay is AV1 alone, which older devices cannot play: any H.264 is larger than the recording"
    return (f"{warning}; record H.264 with key frames at most 4 s apart, which can be copied, or at a higher rate",)


def keep_renditions(part: EncodedVideoPart, kept_numbers: Sequence[int]) -> EncodedVideoPart:
    """The part without the renditions that are left out."""
    return replace(
        part,
        files=tuple(part.files[number] for number in kept_numbers),
        video_bytes=tuple(part.video_bytes[number] for number in kept_numbers),
        crfs=tuple(part.crfs[number] for number in kept_numbers),
    )
