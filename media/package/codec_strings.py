"""What RFC 6381 and its likes call a coding: the CODECS of a playlist."""

from pathlib import Path

from domain.errors import ToolError
from media.demuxer import made

WIDE_RANGES = {16: "PQ", 18: "HLG"}  # ITU-T H.273, table 3
AAC_CODEC = "mp4a.40.2"  # RFC 6381: AAC with low complexity


def codec_name(init: Path) -> str:
    """The name of the profile and level that an initialization segment declares: H.264 or AV1."""
    with made(init) as header:
        codec = header.streams.video[0].codec_context
        declared = codec.extradata
    if not declared or len(declared) < 4:
        raise ToolError(init, "declares no codec", "run the command again")
    return f"avc1.{declared[1:4].hex()}" if codec.name == "h264" else _av1_name(declared)


def video_range(init: Path) -> str:
    """The name of the brightness range that an initialization segment declares, as playlists tell it."""
    with made(init) as header:
        return WIDE_RANGES.get(header.streams.video[0].codec_context.color_trc, "SDR")


def channels(init: Path) -> int:
    """How many channels the sound has that an initialization segment declares."""
    with made(init) as header:
        return header.streams.audio[0].channels


def _av1_name(av1c: bytes) -> str:
    """AV1 in ISO base media files, section 5: profile, level, tier and depth out of the av1C box."""
    profile, level = av1c[1] >> 5, av1c[1] & 0x1F
    tier, is_deep = "H" if av1c[2] & 0x80 else "M", bool(av1c[2] & 0x40)
    return f"av01.{profile}.{level:02d}{tier}.{10 if is_deep else 8:02d}"
