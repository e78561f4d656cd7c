"""H.264 as bytes: NAL units out of packets, parameter sets out of headers, and what a sequence parameter set says.

ISO/IEC 14496-10 (ITU-T H.264), 7.3.2.1 and annex B; 14496-15, 5.3.3.1 for avcC. Nothing is decoded.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.errors import InvalidValue

SLICE, IDR, SEQUENCE_SET, PICTURE_SET = 1, 5, 7, 8
NAL_TYPE_BITS = 0x1F
START_CODE = b"\x00\x00\x01"
LENGTH_BYTES = 4  # of a NAL unit's length, as we write it
AVCC_VERSION, SETS_AT = 1, 5
SET_COUNT_BITS, LENGTH_SIZE_BITS = 0x1F, 0x03  # ISO 14496-15: the other bits of these bytes of avcC are reserved
WITH_CHROMA_FORMAT = frozenset((100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135))
HIGH = 100
HIGH_420_8 = bytes((0xFD, 0xF8, 0xF8, 0))  # the end of a High profile's avcC: 4:2:0, 8 bits, nothing more
CHROMA_444, CHROMA_420 = 3, 1
ANY_ASPECT = 255  # the aspect follows in two numbers
SQUARE_ASPECTS = (0, 1)  # not told, which players take for square, and square
MOST_LEADING_ZEROS = 32
MACROBLOCK_PX = 16
LONGEST_SET_BYTES = 1024  # what is read of one: with all scaling lists it takes 600


@dataclass(frozen=True, slots=True)
class SequenceSet:
    """What is needed of a sequence parameter set. `width` and `height`: pixels as stored, without what is cropped.

    `level` is ten times what people call it; `references`: pictures that a decoder has to keep.
    """

    profile: int
    level: int
    references: int
    chroma: int
    bits: int
    width: int
    height: int
    is_progressive: bool
    is_square: bool


@dataclass(frozen=True, slots=True)
class Level:
    """What a level allows (table A-1): macroblocks a second, in a picture, and in all pictures kept."""

    a_second: int
    a_picture: int
    kept: int

    def allows(self, coded: SequenceSet, frame_rate: float) -> bool:
        """Whether it covers these pictures, so many a second; rates are averages and may be a little off."""
        blocks = -(-coded.width // MACROBLOCK_PX) * -(-coded.height // MACROBLOCK_PX)
        is_fast = blocks * frame_rate > self.a_second * RATE_TOLERANCE
        return not is_fast and blocks <= self.a_picture and blocks * coded.references <= self.kept


RATE_TOLERANCE = 1.02
LEVELS = {
    10: Level(1_485, 99, 396),
    11: Level(3_000, 396, 900),
    12: Level(6_000, 396, 2_376),
    13: Level(11_880, 396, 2_376),
    20: Level(11_880, 396, 2_376),
    21: Level(19_800, 792, 4_752),
    22: Level(20_250, 1_620, 8_100),
    30: Level(40_500, 1_620, 8_100),
    31: Level(108_000, 3_600, 18_000),
    32: Level(216_000, 5_120, 20_480),
    40: Level(245_760, 8_192, 32_768),
    41: Level(245_760, 8_192, 32_768),
    42: Level(522_240, 8_704, 34_816),
}
"""By ten times their number; those beyond are not for every device."""


def kind(nal: bytes) -> int:
    """The type of a NAL unit."""
    return nal[0] & NAL_TYPE_BITS if nal else 0


def nals(content: bytes, length_bytes: int | None) -> Iterator[bytes]:
    """The NAL units of a packet: each behind its length of so many bytes, or, for None, behind a start code.

    InvalidValue where a length doesn't fit.
    """
    if length_bytes is None:
        yield from _behind_start_codes(content)
        return
    at = 0
    while at < len(content):
        start = at + length_bytes
        at = start + int.from_bytes(content[at:start])
        if at > len(content) or at == start:
            raise InvalidValue("a NAL unit is longer than its packet, or empty")
        yield content[start:at]


def _behind_start_codes(content: bytes) -> Iterator[bytes]:
    at = content.find(START_CODE)
    while at >= 0:
        start = at + len(START_CODE)
        at = content.find(START_CODE, start)
        nal = content[start : at if at >= 0 else len(content)].rstrip(b"\x00")
        if nal:
            yield nal


def length_bytes_of(header: bytes) -> int | None:
    """How packets of a track with this header tell NAL units apart: as `nals` takes it."""
    return (header[4] & LENGTH_SIZE_BITS) + 1 if _is_avcc(header) else None


def parameter_sets(header: bytes) -> tuple[bytes, ...]:
    """The sequence and picture parameter sets of a track's header, avcC or with start codes. InvalidValue if broken."""
    if not _is_avcc(header):
        return tuple(nal for nal in _behind_start_codes(header) if kind(nal) in (SEQUENCE_SET, PICTURE_SET))
    sets: list[bytes] = []
    at = SETS_AT
    for count_bits in (SET_COUNT_BITS, 0xFF):
        count, at = int.from_bytes(header[at : at + 1]) & count_bits, at + 1
        for _ in range(count):
            start = at + 2
            at = start + int.from_bytes(header[at:start])
            if at > len(header) or at == start:
                raise InvalidValue("a parameter set is longer than its header, or empty")
            sets.append(header[start:at])
    return tuple(sets)


def avcc(sets: Sequence[bytes]) -> bytes:
    """The avcC box's content for pictures of 4:2:0 and 8 bits with these parameter sets, lengths of 4 bytes."""
    sequence = [nal for nal in sets if kind(nal) == SEQUENCE_SET]
    picture = [nal for nal in sets if kind(nal) == PICTURE_SET]
    head = bytes((AVCC_VERSION, *sequence[0][1:4], 0xFC | LENGTH_BYTES - 1, 0xE0 | len(sequence)))
    tail = HIGH_420_8 if sequence[0][1] == HIGH else b""
    return head + _counted(sequence) + bytes((len(picture),)) + _counted(picture) + tail


def _counted(sets: Sequence[bytes]) -> bytes:
    return b"".join(len(nal).to_bytes(2) + nal for nal in sets)


def _is_avcc(header: bytes) -> bool:
    return len(header) > SETS_AT and header[0] == AVCC_VERSION


class _Bits:
    """Bits of a NAL unit, first to last. InvalidValue where there are no more."""

    def __init__(self, nal: bytes) -> None:
        payload = nal[:LONGEST_SET_BYTES].replace(b"\x00\x00\x03", b"\x00\x00")  # 3: lest it look like a start code
        self._left = len(payload) * 8
        self._value = int.from_bytes(payload)

    def take(self, count: int = 1) -> int:
        if count > self._left:
            raise InvalidValue("a parameter set ends too soon")
        self._left -= count
        return self._value >> self._left & (1 << count) - 1

    def number(self) -> int:
        """An unsigned Exp-Golomb number (9.1)."""
        zeros = 0
        while not self.take():
            zeros += 1
            if zeros > MOST_LEADING_ZEROS:
                raise InvalidValue("a parameter set holds a number out of range")
        return (1 << zeros) - 1 + self.take(zeros)

    def signed(self) -> int:
        """A signed Exp-Golomb number (9.1.1)."""
        number = self.number()
        return (number + 1) // 2 if number % 2 else -(number // 2)


def sequence_set(nal: bytes) -> SequenceSet:
    """What a sequence parameter set says. InvalidValue where it is broken."""
    bits = _Bits(nal[1:])
    profile, _, level = bits.take(8), bits.take(8), bits.take(8)
    bits.number()
    chroma, depth = _chroma_and_depth(bits) if profile in WITH_CHROMA_FORMAT else (CHROMA_420, 8)
    bits.number()
    _skip_picture_order(bits)
    references = bits.number()
    bits.take()
    columns, rows = bits.number() + 1, bits.number() + 1
    is_progressive = bool(bits.take())
    if not is_progressive:
        bits.take()
    bits.take()
    left, right, top, bottom = (bits.number() for _ in range(4)) if bits.take() else (0, 0, 0, 0)
    fields = 1 if is_progressive else 2
    unit_x, unit_y = (2, 2 * fields) if chroma == CHROMA_420 else (1, fields)
    width = columns * MACROBLOCK_PX - unit_x * (left + right)
    height = rows * MACROBLOCK_PX * fields - unit_y * (top + bottom)
    return SequenceSet(profile, level, references, chroma, depth, width, height, is_progressive, _is_square(bits))


def _chroma_and_depth(bits: _Bits) -> tuple[int, int]:
    chroma = bits.number()
    if chroma == CHROMA_444:
        bits.take()
    depth = 8 + max(bits.number(), bits.number())
    bits.take()
    if bits.take():
        for number in range(12 if chroma == CHROMA_444 else 8):
            if bits.take():
                _skip_scaling(bits, 16 if number < 6 else 64)
    return chroma, depth


def _skip_scaling(bits: _Bits, count: int) -> None:
    last = following = 8
    for _ in range(count):
        if following:
            following = (last + bits.signed()) % 256
        last = following or last


def _skip_picture_order(bits: _Bits) -> None:
    how = bits.number()
    if how == 0:
        bits.number()
    elif how == 1:
        bits.take()
        bits.signed()
        bits.signed()
        for _ in range(min(bits.number(), 255)):
            bits.signed()


def _is_square(bits: _Bits) -> bool:
    if not bits.take() or not bits.take():
        return True
    aspect = bits.take(8)
    if aspect == ANY_ASPECT:
        return bits.take(16) == bits.take(16)
    return aspect in SQUARE_ASPECTS
