"""Codec strings of playlists (RFC 6381), read from initialization segments."""

from pathlib import Path

from domain.errors import ToolError
from media.demuxer import open_generated_mp4

HDR_TRANSFERS = {16: "PQ", 18: "HLG"}  # ITU-T H.273, table 3
AAC_CODEC = "mp4a.40.2"  # RFC 6381: AAC with low complexity


def codec_string(init: Path) -> str:
    """The codec string of an initialization segment: H.264 or AV1, with profile and level."""
    with open_generated_mp4(init) as container:
        codec = container.streams.video[0].codec_context
        extradata = codec.extradata
    if not extradata or len(extradata) < 4:
        raise ToolError(init, "declares no codec", "run the command again")
    return f"avc1.{extradata[1:4].hex()}" if codec.name == "h264" else _av1_codec_string(extradata)


def video_range(init: Path) -> str:
    """The VIDEO-RANGE of an initialization segment: SDR, PQ or HLG."""
    with open_generated_mp4(init) as container:
        return HDR_TRANSFERS.get(container.streams.video[0].codec_context.color_trc, "SDR")


def channel_count(init: Path) -> int:
    """The number of audio channels of an initialization segment."""
    with open_generated_mp4(init) as container:
        return container.streams.audio[0].channels


def _av1_codec_string(av1c: bytes) -> str:
    """AV1 in ISO base media files, section 5: profile, level, tier and bit depth from the av1C box."""
    profile, level = av1c[1] >> 5, av1c[1] & 0x1F
    tier, is_10_bit = "H" if av1c[2] & 0x80 else "M", bool(av1c[2] & 0x40)
    return f"av01.{profile}.{level:02d}{tier}.{10 if is_10_bit else 8:02d}"
