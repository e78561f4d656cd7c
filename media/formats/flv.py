"""FLV tag by tag: where a file changes how its audio or video is coded, and what a reader needs to begin there.

Format: Adobe Flash Video File Format Specification 10.1, annex E; HEVC as codec 12, and Enhanced RTMP v1.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from media.formats.byte_window import ByteWindow, open_byte_window
from media.formats.codec_changes import CodecChanges, ConfirmedValue
from media.formats.codec_config import is_aac_config, is_av1_config, is_avc_config, is_hevc_config

AUDIO, VIDEO = 8, 9
TAG_HEADER_BYTES, PREVIOUS_TAG_SIZE_BYTES, FILE_HEADER_BYTES = 11, 4, 9
PAYLOAD_HEAD_BYTES = 5  # of a tag's payload: they name its codec
AAC, AVC, HEVC = 10, 7, 12
ENHANCED_FLAG = 0x80
KEY_FRAME_TYPE = 1
PAYLOAD_HEADER_BYTES = {AUDIO: 2, VIDEO: 5}  # codec, packet type and, for video, a time or four letters
CONFIG_CHECKS = {
    b"hvc1": is_hevc_config,
    b"avc1": is_avc_config,
    b"av01": is_av1_config,
    bytes([HEVC]): is_hevc_config,
    bytes([AVC]): is_avc_config,
}
SEQUENCE_HEADER = 0
MAX_TRACK_ABSENCE_TAGS = 500  # no track of a file is absent for longer
TAG_HEADER_PATTERN = re.compile(rb"[\x08\x09\x12][\s\S]{7}\x00\x00\x00")


@dataclass(frozen=True, slots=True)
class FlvTag:
    """One tag, from `start` up to `end` with its header and trailing size: its type and its first payload bytes."""

    start: int
    end: int
    tag_type: int
    payload_head: bytes

    @property
    def codec(self) -> bytes:
        """The codec as bytes: its number, or four letters in the enhanced format."""
        if self.tag_type == AUDIO:
            return bytes([self.payload_head[0] >> 4])
        if self.payload_head[0] & ENHANCED_FLAG:
            return self.payload_head[1:5]
        return bytes([self.payload_head[0] & 0x0F])

    @property
    def is_sequence_header(self) -> bool:
        """Whether it holds a codec configuration instead of audio or video."""
        if self.tag_type == AUDIO:
            return self.codec[0] == AAC and self.payload_head[1] == SEQUENCE_HEADER
        if self.payload_head[0] & ENHANCED_FLAG:
            return self.payload_head[0] & 0x0F == SEQUENCE_HEADER
        return self.codec[0] in (AVC, HEVC) and self.payload_head[1] == SEQUENCE_HEADER

    @property
    def is_key_frame(self) -> bool:
        """Whether it holds a key frame."""
        return (
            self.tag_type == VIDEO
            and (self.payload_head[0] & 0x70) >> 4 == KEY_FRAME_TYPE
            and not self.is_sequence_header
        )


def find_codec_changes(file: Path) -> CodecChanges:
    """The offsets of tags that are coded otherwise than those before, and damaged tags that only look like a change.

    Where audio and video change together, that is one change: nothing lies between the two.
    """
    with open_byte_window(file) as content:
        codec_changes: list[_CodecChange] = []
        trackers = {AUDIO: _FlvCodecTracker(), VIDEO: _FlvCodecTracker()}
        for tag in _iter_tags(content):
            change = trackers[tag.tag_type].observe(tag, content)
            if change is not None:
                codec_changes.append(change)
        damaged_ranges = sorted(chain.from_iterable(tracker.damaged_ranges for tracker in trackers.values()))
        codec_changes.sort(key=lambda change: change.offset)
        return CodecChanges(_merge_overlapping_changes(codec_changes), tuple(damaged_ranges))


def read_preamble(file: Path, start: int) -> bytes:
    """What a reader needs before the tags from `start` on: file header, codec configurations, frames since a key frame.

    Nothing of a track that is coded otherwise from `start` on.
    """
    with open_byte_window(file) as content:
        configs: dict[int, bytes] = {}
        gop_tags: list[bytes] = []
        trackers = {AUDIO: _FlvCodecTracker(), VIDEO: _FlvCodecTracker()}
        tags = _iter_tags(content)
        for tag in tags:
            if tag.start >= start:
                break
            trackers[tag.tag_type].observe(tag, content)
            if (tag.start, tag.end) in trackers[tag.tag_type].damaged_ranges[-1:]:
                continue
            tag_bytes = content[tag.start : tag.end]
            if tag.is_sequence_header:
                configs[tag.tag_type] = tag_bytes
            if tag.is_key_frame or (tag.tag_type == VIDEO and tag.is_sequence_header):
                gop_tags = []
            if tag.tag_type == VIDEO and not tag.is_sequence_header:
                gop_tags.append(tag_bytes)
        for tag_type in _changed_tag_types(
            trackers, chain([tag], islice(tags, MAX_TRACK_ABSENCE_TAGS)), content, start
        ):
            configs.pop(tag_type, None)
            gop_tags = [] if tag_type == VIDEO else gop_tags
        header = content[: FILE_HEADER_BYTES + PREVIOUS_TAG_SIZE_BYTES]
        return b"".join((header, *configs.values(), *gop_tags))


@dataclass(frozen=True, slots=True)
class _CodecChange:
    """Tags of one type are coded otherwise from `offset` on; the last one before that begins at `previous_start`."""

    offset: int
    tag_type: int
    previous_start: int


def _merge_overlapping_changes(changes: Iterable[_CodecChange]) -> tuple[int, ...]:
    """The offsets, rising as `changes` do, of the stretches between them that hold audio or video of their own."""
    kept: list[_CodecChange] = []
    for change in changes:
        if not kept or change.previous_start >= kept[-1].offset:
            kept.append(change)
        elif change.tag_type == kept[-1].tag_type:
            kept[-1] = change
    return tuple(change.offset for change in kept)


def _changed_tag_types(
    trackers: Mapping[int, "_FlvCodecTracker"], tags: Iterable[FlvTag], content: ByteWindow, start: int
) -> set[int]:
    """The tag types that are coded otherwise from `start` on; `tags` are those from there on."""
    observed = (trackers[tag.tag_type].observe(tag, content) for tag in tags)
    return {change.tag_type for change in observed if change is not None and change.previous_start < start}


class _FlvCodecTracker:
    """Follows the tags of one type: how they are coded, and where that changes."""

    def __init__(self) -> None:
        self.codec = ConfirmedValue()
        self.config = b""
        self.last_media_start = 0
        self.damaged_ranges: list[tuple[int, int]] = []

    def observe(self, tag: FlvTag, content: ByteWindow) -> _CodecChange | None:
        """Take note of the next tag; what changed, if that is confirmed now."""
        codec, previous_codec = tag.codec, self.codec.confirmed
        change_offset = self.codec.observe(codec, tag.start)
        if codec == previous_codec:
            return self._observe_config(tag, content)
        if codec != self.codec.confirmed:
            return None
        previous_start, self.last_media_start = self.last_media_start, tag.start
        self.config = _config_bytes(tag, content) if tag.is_sequence_header else b""
        return None if change_offset is None else _CodecChange(change_offset, tag.tag_type, previous_start)

    def _observe_config(self, tag: FlvTag, content: ByteWindow) -> _CodecChange | None:
        """One sequence header is enough for a change, if it holds what an encoder might write."""
        if not tag.is_sequence_header:
            self.last_media_start = tag.start
            return None
        config = _config_bytes(tag, content)
        if self.config and config != self.config and not _is_plausible_config(tag, config):
            self.damaged_ranges.append((tag.start, tag.end))
            return None
        previous_config, self.config = self.config, config
        has_changed = previous_config and config != previous_config
        return _CodecChange(tag.start, tag.tag_type, self.last_media_start) if has_changed else None


def _config_bytes(tag: FlvTag, content: ByteWindow) -> bytes:
    return content[tag.start + TAG_HEADER_BYTES : tag.end - PREVIOUS_TAG_SIZE_BYTES]


def _is_plausible_config(tag: FlvTag, config: bytes) -> bool:
    """Whether the configuration of a sequence header is one that an encoder might write."""
    is_valid_config = is_aac_config if tag.tag_type == AUDIO else CONFIG_CHECKS.get(tag.codec)
    return is_valid_config is None or is_valid_config(config[PAYLOAD_HEADER_BYTES[tag.tag_type] :])


def _iter_tags(content: ByteWindow) -> Iterator[FlvTag]:
    """Tags of audio and video, in order; after damage, from the next whole one on."""
    offset, length = int.from_bytes(content[5:9]) + PREVIOUS_TAG_SIZE_BYTES, len(content)
    header = content.read_range(offset, offset + TAG_HEADER_BYTES + PAYLOAD_HEAD_BYTES)
    while offset + TAG_HEADER_BYTES < length:
        end = offset + TAG_HEADER_BYTES + int.from_bytes(header[1:4]) + PREVIOUS_TAG_SIZE_BYTES
        if end > length:
            return
        size_and_next = content.read_range(end - PREVIOUS_TAG_SIZE_BYTES, end + TAG_HEADER_BYTES + PAYLOAD_HEAD_BYTES)
        if int.from_bytes(size_and_next[:PREVIOUS_TAG_SIZE_BYTES]) not in (end - PREVIOUS_TAG_SIZE_BYTES - offset, 0):
            offset = _next_valid_tag(content, offset + 1)
            header = content.read_range(offset, offset + TAG_HEADER_BYTES + PAYLOAD_HEAD_BYTES)
            continue
        if header[0] in (AUDIO, VIDEO) and end - offset > TAG_HEADER_BYTES + PREVIOUS_TAG_SIZE_BYTES + 1:
            yield FlvTag(offset, end, header[0], header[TAG_HEADER_BYTES:])
        offset, header = end, size_and_next[PREVIOUS_TAG_SIZE_BYTES:]


def _next_valid_tag(content: ByteWindow, start: int) -> int:
    for offset in content.find_all(TAG_HEADER_PATTERN, start, TAG_HEADER_BYTES):
        end = offset + TAG_HEADER_BYTES + int.from_bytes(content[offset + 1 : offset + 4]) + PREVIOUS_TAG_SIZE_BYTES
        if (
            end <= len(content)
            and int.from_bytes(content[end - PREVIOUS_TAG_SIZE_BYTES : end]) == end - PREVIOUS_TAG_SIZE_BYTES - offset
        ):
            return offset
    return len(content)
