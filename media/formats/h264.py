"""H.264 as bytes: NAL units of packets, parameter sets of headers, and the fields of a sequence parameter set (SPS).

ISO/IEC 14496-10 (ITU-T H.264), 7.3.2.1 and annex B; 14496-15, 5.3.3.1 for avcC. Nothing is decoded.

By hand, although FFmpeg splits NAL units (`filter_units`) and parses an SPS (`CodecContext`): parameter sets within
the stream must be compared with the header's, `CodecContext` lacks `reference_frames`, and this runs where strangers'
bytes must not reach C code.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from domain.errors import InvalidValue

SLICE, IDR, SPS, PPS = 1, 5, 7, 8
NAL_TYPE_MASK = 0x1F
START_CODE = b"\x00\x00\x01"
NAL_LENGTH_BYTES = 4  # of the length before a NAL unit, as we write it
AVCC_VERSION, SPS_COUNT_OFFSET = 1, 5
SPS_COUNT_MASK, LENGTH_SIZE_MASK = 0x1F, 0x03  # ISO 14496-15: the other bits of these bytes of avcC are reserved
CHROMA_FORMAT_PROFILES = frozenset((100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135))
HIGH_PROFILE = 100
HIGH_AVCC_TAIL = bytes((0xFD, 0xF8, 0xF8, 0))  # the end of a High profile's avcC: 4:2:0, 8 bits, nothing more
CHROMA_444, CHROMA_420 = 3, 1
EXTENDED_SAR = 255  # the pixel aspect ratio follows as two numbers
SQUARE_SAR_IDS = (0, 1)  # unspecified, which players treat as square, and square
MAX_LEADING_ZEROS = 32
MACROBLOCK_PX = 16
MAX_PARAMETER_SET_BYTES = 1024  # are read; with all scaling lists it takes 600


@dataclass(frozen=True, slots=True)
class SequenceParameterSet:
    """The fields of an SPS that are used here. `width`, `height`: pixels as stored, after cropping.

    `level` is ten times its usual number; `reference_frames`: frames that a decoder has to keep.
    """

    profile: int
    level: int
    reference_frames: int
    chroma_format: int
    bit_depth: int
    width: int
    height: int
    is_progressive: bool
    has_square_pixels: bool


@dataclass(frozen=True, slots=True)
class H264Level:
    """The limits of a level (table A-1): macroblocks a second, in a frame, and in all frames that are kept."""

    macroblocks_per_second: int
    macroblocks_per_frame: int
    dpb_macroblocks: int

    def allows(self, sps: SequenceParameterSet, frame_rate: float) -> bool:
        """Whether it covers such video at this average frame rate, which may be a little off."""
        macroblocks = -(-sps.width // MACROBLOCK_PX) * -(-sps.height // MACROBLOCK_PX)
        exceeds_rate = macroblocks * frame_rate > self.macroblocks_per_second * RATE_TOLERANCE
        return (
            not exceeds_rate
            and macroblocks <= self.macroblocks_per_frame
            and macroblocks * sps.reference_frames <= self.dpb_macroblocks
        )


RATE_TOLERANCE = 1.02
LEVELS = {
    10: H264Level(1_485, 99, 396),
    11: H264Level(3_000, 396, 900),
    12: H264Level(6_000, 396, 2_376),
    13: H264Level(11_880, 396, 2_376),
    20: H264Level(11_880, 396, 2_376),
    21: H264Level(19_800, 792, 4_752),
    22: H264Level(20_250, 1_620, 8_100),
    30: H264Level(40_500, 1_620, 8_100),
    31: H264Level(108_000, 3_600, 18_000),
    32: H264Level(216_000, 5_120, 20_480),
    40: H264Level(245_760, 8_192, 32_768),
    41: H264Level(245_760, 8_192, 32_768),
    42: H264Level(522_240, 8_704, 34_816),
}
"""By ten times their number; not every device plays higher ones."""


def nal_type(nal: bytes) -> int:
    """The type of a NAL unit."""
    return nal[0] & NAL_TYPE_MASK if nal else 0


def split_nal_units(content: bytes, length_bytes: int | None) -> Iterator[bytes]:
    """The NAL units of a packet, each behind a length of `length_bytes`, or behind a start code for None.

    InvalidValue where a length doesn't fit.
    """
    if length_bytes is None:
        yield from _split_annex_b(content)
        return
    offset = 0
    while offset < len(content):
        start = offset + length_bytes
        offset = start + int.from_bytes(content[offset:start])
        if offset > len(content) or offset == start:
            raise InvalidValue("a NAL unit is longer than its packet, or empty")
        yield content[start:offset]


def _split_annex_b(content: bytes) -> Iterator[bytes]:
    offset = content.find(START_CODE)
    while offset >= 0:
        start = offset + len(START_CODE)
        offset = content.find(START_CODE, start)
        nal = content[start : offset if offset >= 0 else len(content)].rstrip(b"\x00")
        if nal:
            yield nal


def nal_length_bytes(extradata: bytes) -> int | None:
    """The `length_bytes` of `split_nal_units` for the packets of a track with this header."""
    return (extradata[4] & LENGTH_SIZE_MASK) + 1 if _is_avcc(extradata) else None


def parse_parameter_sets(extradata: bytes) -> tuple[bytes, ...]:
    """The SPS and PPS NAL units of a track's header, avcC or with start codes. InvalidValue if it is broken."""
    if not _is_avcc(extradata):
        return tuple(nal for nal in _split_annex_b(extradata) if nal_type(nal) in (SPS, PPS))
    sets: list[bytes] = []
    offset = SPS_COUNT_OFFSET
    for count_mask in (SPS_COUNT_MASK, 0xFF):
        count, offset = int.from_bytes(extradata[offset : offset + 1]) & count_mask, offset + 1
        for _ in range(count):
            start = offset + 2
            offset = start + int.from_bytes(extradata[offset:start])
            if offset > len(extradata) or offset == start:
                raise InvalidValue("a parameter set is longer than its header, or empty")
            sets.append(extradata[start:offset])
    return tuple(sets)


def build_avcc(parameter_sets: Sequence[bytes]) -> bytes:
    """The content of an avcC box with these parameter sets, for 4:2:0 video of 8 bits and lengths of 4 bytes."""
    sps_nals = [nal for nal in parameter_sets if nal_type(nal) == SPS]
    pps_nals = [nal for nal in parameter_sets if nal_type(nal) == PPS]
    head = bytes((AVCC_VERSION, *sps_nals[0][1:4], 0xFC | NAL_LENGTH_BYTES - 1, 0xE0 | len(sps_nals)))
    tail = HIGH_AVCC_TAIL if sps_nals[0][1] == HIGH_PROFILE else b""
    return head + length_prefixed(sps_nals, 2) + bytes((len(pps_nals),)) + length_prefixed(pps_nals, 2) + tail


def length_prefixed(nal_units: Iterable[bytes], length_bytes: int = NAL_LENGTH_BYTES) -> bytes:
    """The NAL units, each behind its length, as MP4 stores them."""
    return b"".join(len(nal).to_bytes(length_bytes) + nal for nal in nal_units)


def _is_avcc(extradata: bytes) -> bool:
    return len(extradata) > SPS_COUNT_OFFSET and extradata[0] == AVCC_VERSION


class _BitReader:
    """Reads the bits of a NAL unit from first to last. InvalidValue at the end."""

    def __init__(self, nal: bytes) -> None:
        payload = nal[:MAX_PARAMETER_SET_BYTES].replace(
            b"\x00\x00\x03", b"\x00\x00"
        )  # the 3 keeps content from looking like a start code
        self._remaining_bits = len(payload) * 8
        self._value = int.from_bytes(payload)

    def read_bits(self, count: int = 1) -> int:
        if count > self._remaining_bits:
            raise InvalidValue("a parameter set ends too soon")
        self._remaining_bits -= count
        return self._value >> self._remaining_bits & (1 << count) - 1

    def read_ue(self) -> int:
        """An unsigned Exp-Golomb number (9.1)."""
        leading_zeros = 0
        while not self.read_bits():
            leading_zeros += 1
            if leading_zeros > MAX_LEADING_ZEROS:
                raise InvalidValue("a parameter set holds a number out of range")
        return (1 << leading_zeros) - 1 + self.read_bits(leading_zeros)

    def read_se(self) -> int:
        """A signed Exp-Golomb number (9.1.1)."""
        number = self.read_ue()
        return (number + 1) // 2 if number % 2 else -(number // 2)


def parse_sps(nal: bytes) -> SequenceParameterSet:
    """The fields of an SPS NAL unit. InvalidValue where it is broken."""
    reader = _BitReader(nal[1:])
    profile, _, level = reader.read_bits(8), reader.read_bits(8), reader.read_bits(8)
    reader.read_ue()
    chroma_format, bit_depth = _read_chroma_and_depth(reader) if profile in CHROMA_FORMAT_PROFILES else (CHROMA_420, 8)
    reader.read_ue()
    _skip_pic_order_count(reader)
    reference_frames = reader.read_ue()
    reader.read_bits()
    columns, rows = reader.read_ue() + 1, reader.read_ue() + 1
    is_progressive = bool(reader.read_bits())
    if not is_progressive:
        reader.read_bits()
    reader.read_bits()
    left, right, top, bottom = (reader.read_ue() for _ in range(4)) if reader.read_bits() else (0, 0, 0, 0)
    fields_per_frame = 1 if is_progressive else 2
    crop_unit_x, crop_unit_y = (2, 2 * fields_per_frame) if chroma_format == CHROMA_420 else (1, fields_per_frame)
    width = columns * MACROBLOCK_PX - crop_unit_x * (left + right)
    height = rows * MACROBLOCK_PX * fields_per_frame - crop_unit_y * (top + bottom)
    return SequenceParameterSet(
        profile,
        level,
        reference_frames,
        chroma_format,
        bit_depth,
        width,
        height,
        is_progressive,
        _has_square_pixels(reader),
    )


def _read_chroma_and_depth(reader: _BitReader) -> tuple[int, int]:
    chroma_format = reader.read_ue()
    if chroma_format == CHROMA_444:
        reader.read_bits()
    bit_depth = 8 + max(reader.read_ue(), reader.read_ue())
    reader.read_bits()
    if reader.read_bits():
        for number in range(12 if chroma_format == CHROMA_444 else 8):
            if reader.read_bits():
                _skip_scaling_list(reader, 16 if number < 6 else 64)
    return chroma_format, bit_depth


def _skip_scaling_list(reader: _BitReader, count: int) -> None:
    last_scale = next_scale = 8
    for _ in range(count):
        if next_scale:
            next_scale = (last_scale + reader.read_se()) % 256
        last_scale = next_scale or last_scale


def _skip_pic_order_count(reader: _BitReader) -> None:
    poc_type = reader.read_ue()
    if poc_type == 0:
        reader.read_ue()
    elif poc_type == 1:
        reader.read_bits()
        reader.read_se()
        reader.read_se()
        for _ in range(min(reader.read_ue(), 255)):
            reader.read_se()


def _has_square_pixels(reader: _BitReader) -> bool:
    if not reader.read_bits() or not reader.read_bits():
        return True
    sar_id = reader.read_bits(8)
    if sar_id == EXTENDED_SAR:
        return reader.read_bits(16) == reader.read_bits(16)
    return sar_id in SQUARE_SAR_IDS
