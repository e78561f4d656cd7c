"""FLV tag by tag: where a file changes how its sound or picture is coded, and what a reader needs to begin there.

ffmpeg's demuxer goes on with the old codec or opens a new track in the middle, which few readers notice. Format: Adobe
Flash Video File Format Specification 10.1, annex E; HEVC as codec 12, and Enhanced RTMP v1.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from media.formats.byte_window import FileBytes, file_bytes
from media.formats.codec_config import Changes, is_aac, is_av1, is_avc, is_hevc

SOUND, PICTURE = 8, 9
TAG_HEADER_BYTES, SIZE_BYTES, FILE_HEADER_BYTES = 11, 4, 9
HEAD_BYTES = 5  # of what a tag holds: they tell its codec
AAC, AVC, HEVC = 10, 7, 12
ENHANCED = 0x80
KEY_FRAME = 1
FIRST_BYTES = {SOUND: 2, PICTURE: 5}  # codec, packet type and, of a picture, a time or four letters
SETUPS = {b"hvc1": is_hevc, b"avc1": is_avc, b"av01": is_av1, bytes([HEVC]): is_hevc, bytes([AVC]): is_avc}
SEQUENCE_HEADER = 0
SEEN_OFTEN = 3  # so many tags in a row must agree on a codec before it counts: a flipped bit is no change
SEEN_SOON = 500  # tags: no track that is there stays away for longer
NEXT_TAG = re.compile(rb"[\x08\x09\x12][\s\S]{7}\x00\x00\x00")


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag: where it lies with header and trailing size, its type, and the first bytes of what it holds."""

    start: int
    end: int
    kind: int
    head: bytes

    @property
    def codec(self) -> bytes:
        """What tells codecs apart: the codec's number, or four letters of the enhanced format."""
        if self.kind == SOUND:
            return bytes([self.head[0] >> 4])
        if self.head[0] & ENHANCED:
            return self.head[1:5]
        return bytes([self.head[0] & 0x0F])

    @property
    def is_setup(self) -> bool:
        """Whether it holds no sound or picture but how they are coded."""
        if self.kind == SOUND:
            return self.codec[0] == AAC and self.head[1] == SEQUENCE_HEADER
        if self.head[0] & ENHANCED:
            return self.head[0] & 0x0F == SEQUENCE_HEADER
        return self.codec[0] in (AVC, HEVC) and self.head[1] == SEQUENCE_HEADER

    @property
    def is_key(self) -> bool:
        return self.kind == PICTURE and (self.head[0] & 0x70) >> 4 == KEY_FRAME and not self.is_setup


def changes(file: Path) -> Changes:
    """Where tags begin that are coded otherwise than those before, and those that only claim to say so.

    Where sound and picture change together, that is one change: the later one has nothing of its own before it.
    """
    with file_bytes(file) as content:
        found: list[_Change] = []
        watches = {SOUND: _Watch(), PICTURE: _Watch()}
        for tag in _tags(content):
            change = watches[tag.kind].see(tag, content)
            if change is not None:
                found.append(change)
        spoilt = sorted(bad for watch in watches.values() for bad in watch.spoilt)
        return Changes(_apart(sorted(found, key=lambda change: change.place)), tuple(spoilt))


def lead_in(file: Path, start: int) -> bytes:
    """What to read before the tags from `start` on: file header, how both are coded, pictures since a key frame.

    Nothing of a kind that is coded otherwise from `start` on.
    """
    with file_bytes(file) as content:
        setups: dict[int, bytes] = {}
        pictures: list[bytes] = []
        watches = {SOUND: _Watch(), PICTURE: _Watch()}
        tags = _tags(content)
        for tag in tags:
            if tag.start >= start:
                break
            watches[tag.kind].see(tag, content)
            if (tag.start, tag.end) in watches[tag.kind].spoilt[-1:]:
                continue
            whole = content[tag.start : tag.end]
            if tag.is_setup:
                setups[tag.kind] = whole
            if tag.is_key or (tag.kind == PICTURE and tag.is_setup):
                pictures = []
            if tag.kind == PICTURE and not tag.is_setup:
                pictures.append(whole)
        for kind in _changing(watches, chain([tag], islice(tags, SEEN_SOON)), content, start):
            setups.pop(kind, None)
            pictures = [] if kind == PICTURE else pictures
        header = content[: FILE_HEADER_BYTES + SIZE_BYTES]
        return b"".join((header, *setups.values(), *pictures))


@dataclass(frozen=True, slots=True)
class _Change:
    """Tags of a kind are coded otherwise from `place` on; the last before that begins at `since`."""

    place: int
    kind: int
    since: int


def _apart(changes: Iterable[_Change]) -> tuple[int, ...]:
    """Where stretches begin, each with packets of its own; `changes` rise."""
    kept: list[_Change] = []
    for change in changes:
        if not kept or change.since >= kept[-1].place:
            kept.append(change)
        elif change.kind == kept[-1].kind:
            kept[-1] = change
    return tuple(change.place for change in kept)


def _changing(watches: Mapping[int, "_Watch"], tags: Iterable[Tag], content: FileBytes, start: int) -> set[int]:
    """The kinds that are coded otherwise from `start` on; `tags` are those that follow."""
    found = (watches[tag.kind].see(tag, content) for tag in tags)
    return {change.kind for change in found if change is not None and change.since < start}


class _Watch:
    """Follows one kind of tags: remembers how they are coded, and tells where that changes."""

    def __init__(self) -> None:
        self.codec = b""
        self.setup = b""
        self.since = 0
        self.doubted: list[int] = []
        self.doubted_codec = b""
        self.spoilt: list[tuple[int, int]] = []

    def see(self, tag: Tag, content: FileBytes) -> _Change | None:
        if tag.codec != self.codec:
            return self._doubt(tag, content)
        self.doubted = []
        if not tag.is_setup:
            self.since = tag.start
            return None
        setup = _setup(tag, content)
        if self.setup and setup != self.setup and not _is_plausible(tag, setup):
            self.spoilt.append((tag.start, tag.end))
            return None
        was, self.setup = self.setup, setup
        return _Change(tag.start, tag.kind, self.since) if was and setup != was else None

    def _doubt(self, tag: Tag, content: FileBytes) -> _Change | None:
        """A codec that was not there before: believed at once at the start, else when it stays."""
        if tag.codec != self.doubted_codec:
            self.doubted, self.doubted_codec = [], tag.codec
        self.doubted.append(tag.start)
        if self.codec and len(self.doubted) < SEEN_OFTEN:
            return None
        is_first, change = not self.codec, _Change(self.doubted[0], tag.kind, self.since)
        self.codec, self.setup, self.doubted, self.since = tag.codec, b"", [], tag.start
        if tag.is_setup:
            self.setup = _setup(tag, content)
        return None if is_first else change


def _setup(tag: Tag, content: FileBytes) -> bytes:
    return content[tag.start + TAG_HEADER_BYTES : tag.end - SIZE_BYTES]


def _is_plausible(tag: Tag, setup: bytes) -> bool:
    """Whether a tag that claims to say how it is coded says something that an encoder might."""
    is_sane = is_aac if tag.kind == SOUND else SETUPS.get(tag.codec)
    return is_sane is None or is_sane(setup[FIRST_BYTES[tag.kind] :])


def _tags(content: FileBytes) -> Iterator[Tag]:
    """Tags of sound and picture, in order; where bytes are rotten, from the next whole one on."""
    at, length = int.from_bytes(content[5:9]) + SIZE_BYTES, len(content)
    header = content.between(at, at + TAG_HEADER_BYTES + HEAD_BYTES)
    while at + TAG_HEADER_BYTES < length:
        end = at + TAG_HEADER_BYTES + int.from_bytes(header[1:4]) + SIZE_BYTES
        if end > length:
            return
        size_and_next = content.between(end - SIZE_BYTES, end + TAG_HEADER_BYTES + HEAD_BYTES)
        if int.from_bytes(size_and_next[:SIZE_BYTES]) not in (end - SIZE_BYTES - at, 0):
            at = _next_whole(content, at + 1)
            header = content.between(at, at + TAG_HEADER_BYTES + HEAD_BYTES)
            continue
        if header[0] in (SOUND, PICTURE) and end - at > TAG_HEADER_BYTES + SIZE_BYTES + 1:
            yield Tag(at, end, header[0], header[TAG_HEADER_BYTES:])
        at, header = end, size_and_next[SIZE_BYTES:]


def _next_whole(content: FileBytes, start: int) -> int:
    for at in content.places(NEXT_TAG, start, TAG_HEADER_BYTES):
        end = at + TAG_HEADER_BYTES + int.from_bytes(content[at + 1 : at + 4]) + SIZE_BYTES
        if end <= len(content) and int.from_bytes(content[end - SIZE_BYTES : end]) == end - SIZE_BYTES - at:
            return at
    return len(content)
