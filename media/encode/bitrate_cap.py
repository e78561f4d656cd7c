"""The first rule of the encode: no rendition's pictures take more bytes than the recorded ones."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import ceil, log2
from pathlib import Path

from domain.recording import VideoPart
from domain.replay import Encoding, LeftOut, Rendition
from media.encode.encoders import LAST_CRF
from media.encode.packet_bytes import encoded_bytes

CRF_HALVING = 6.0  # CRF for half the bits: H.264's, on recordings; AV1 may need more attempts


def smaller(made: Mapping[Rendition, Path], most_bytes: int, least_rise: int) -> dict[Rendition, Path]:
    """Those of the made files that are larger than they may be, with CRFs, so much higher at least, that should fit."""
    excess = {one: encoded_bytes(file) / max(1, most_bytes) for one, file in made.items()}
    return {
        replace(one, crf=min(LAST_CRF[one.codec], one.crf + max(least_rise, _rise(excess[one])))): file
        for one, file in made.items()
        if excess[one] > 1 and one.crf < LAST_CRF[one.codec]
    }


def _rise(excess: float) -> int:
    return ceil(log2(excess) * CRF_HALVING)


def fitting(pieces: Sequence[VideoPart], encoding: Encoding) -> tuple[list[int], tuple[LeftOut, ...]]:
    """The numbers of the renditions that are no larger than the recording, at least the smallest; and the others."""
    recorded = sum(piece.recorded_bytes for piece in pieces)
    sizes = [sum(piece.picture_bytes[number] for piece in pieces) for number in range(len(encoding.renditions))]
    is_kept = [one.is_copy or size <= recorded for one, size in zip(encoding.renditions, sizes, strict=True)]
    kept = [number for number, keep in enumerate(is_kept) if keep] or [sizes.index(min(sizes))]
    others = (one for number, one in enumerate(encoding.renditions) if number not in kept)
    return kept, tuple(LeftOut(one.name, "came out larger than the recording") for one in others)


def unplayable(made: Sequence[Rendition]) -> tuple[str, ...]:
    """A warning for people where devices are left without a replay: no H.264 is as small as the recording."""
    if any(rendition.codec == "h264" for rendition in made):
        return ()
    what = "the replay is AV1 alone, which older devices cannot play: any H.264 is larger than the recording"
    return (f"{what}; record H.264 with key frames at most 4 s apart, which can be copied, or at a higher rate",)


def only(piece: VideoPart, kept: Sequence[int]) -> VideoPart:
    """The part without the renditions that are left out."""
    return replace(
        piece,
        files=tuple(piece.files[number] for number in kept),
        picture_bytes=tuple(piece.picture_bytes[number] for number in kept),
        crfs=tuple(piece.crfs[number] for number in kept),
    )
