"""The bitrate cap: no rendition's video takes more bytes than the recorded video."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import ceil, log2
from pathlib import Path

from domain.replay import EncodedVideoPart, Rendition, RenditionLadder, SkippedRendition
from media.encode.crf_ranges import CRF_RANGES
from media.encode.packet_bytes import encoded_video_bytes

CRF_PER_HALVED_RATE = CRF_RANGES["h264"].crf_per_halved_rate  # for AV1 too, which may need more attempts


def raise_oversized_crfs(
    encoded_files: Mapping[Rendition, Path], max_bytes: int, min_crf_increase: int
) -> dict[Rendition, Path]:
    """The files with more bytes than `max_bytes`, with CRFs that should fit, higher by at least `min_crf_increase`."""
    raised: dict[Rendition, Path] = {}
    for rendition, file in encoded_files.items():
        size_ratio = encoded_video_bytes(file) / max(1, max_bytes)
        encoder_max_crf = CRF_RANGES[rendition.codec].encoder_max_crf
        if size_ratio > 1 and rendition.crf < encoder_max_crf:
            increase = max(min_crf_increase, ceil(log2(size_ratio) * CRF_PER_HALVED_RATE))
            raised[replace(rendition, crf=min(encoder_max_crf, rendition.crf + increase))] = file
    return raised


def select_fitting_renditions(
    parts: Sequence[EncodedVideoPart], encoding: RenditionLadder
) -> tuple[list[int], tuple[SkippedRendition, ...]]:
    """Indices of the renditions that are no larger than the recording, or of the smallest one; and the others."""
    recorded_bytes = sum(part.source_video_bytes for part in parts)
    sizes_bytes = [sum(part.video_bytes[number] for part in parts) for number in range(len(encoding.renditions))]
    is_kept = [
        rendition.is_passthrough or size <= recorded_bytes
        for rendition, size in zip(encoding.renditions, sizes_bytes, strict=True)
    ]
    kept_numbers = [number for number, keep in enumerate(is_kept) if keep] or [sizes_bytes.index(min(sizes_bytes))]
    dropped = (rendition for number, rendition in enumerate(encoding.renditions) if number not in kept_numbers)
    reason = "came out larger than the recording"
    return kept_numbers, tuple(SkippedRendition(rendition.name, reason) for rendition in dropped)


def compatibility_warnings(renditions: Sequence[Rendition]) -> tuple[str, ...]:
    """A warning where older devices can't play the replay: no H.264 rendition is as small as the recording."""
    if any(rendition.codec == "h264" for rendition in renditions):
        return ()
    warning = "the replay is AV1 alone, which older devices cannot play: any H.264 is larger than the recording"
    return (f"{warning}; record H.264 with key frames at most 4 s apart, which can be copied, or at a higher rate",)


def keep_renditions(part: EncodedVideoPart, kept_numbers: Sequence[int]) -> EncodedVideoPart:
    """The part with these renditions alone."""
    return replace(
        part,
        files=tuple(part.files[number] for number in kept_numbers),
        video_bytes=tuple(part.video_bytes[number] for number in kept_numbers),
        crfs=tuple(part.crfs[number] for number in kept_numbers),
    )
