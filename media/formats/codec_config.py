"""What a file says beforehand of how it is coded: told from sound or pictures that a flipped bit made look like it.

avcC and hvcC: ISO/IEC 14496-15, 5.3.3 and 8.3.3; AudioSpecificConfig: ISO/IEC 14496-3, 1.6.2.1; av1C: AV1 in ISOBMFF.
"""

from dataclasses import dataclass

AVCC_HEAD_BYTES, HVCC_HEAD_BYTES = 6, 23
LENGTH_BYTES = 2
AVC_SPS, AVC_PPS, AVC_TYPE = 7, 8, 0x1F
HEVC_SPS = 33
AV1_FIRST = 0x81
LIVE_OBJECTS = {1, 2, 5, 23, 29, 39, 42}  # AAC Main, LC, SBR, LD, PS, ELD, USAC: the first bits of other sound are none
RATES, RATE_FOLLOWS = 13, 15
CHANNEL_SETUPS = {*range(8), 11, 12, 14}
LONGEST_AAC_BYTES = 64  # a program with its channels one by one takes some 40


@dataclass(frozen=True, slots=True)
class Changes:
    """`places`: where, in bytes from the start, a file is coded otherwise than before, rising. `spoilt`: what to skip.

    That is from the first byte of each pair up to the second: packets which a flipped bit made something else.
    """

    places: tuple[int, ...]
    spoilt: tuple[tuple[int, int], ...] = ()


def is_avc(setup: bytes) -> bool:
    """Whether it is an AVCDecoderConfigurationRecord with both kinds of parameter sets."""
    if len(setup) <= AVCC_HEAD_BYTES or setup[0] != 1:
        return False
    after = _after_units(setup, AVCC_HEAD_BYTES, setup[5] & 0x1F, AVC_SPS)
    return (
        after is not None and after < len(setup) and _after_units(setup, after + 1, setup[after], AVC_PPS) is not None
    )


def is_hevc(setup: bytes) -> bool:
    """Whether it is an HEVCDecoderConfigurationRecord with a sequence parameter set. Some write version 0."""
    if len(setup) < HVCC_HEAD_BYTES or setup[0] > 1:
        return False
    at: int | None = HVCC_HEAD_BYTES
    kinds = set()
    for _ in range(setup[HVCC_HEAD_BYTES - 1]):
        if at is None or at + 1 + LENGTH_BYTES > len(setup):
            return False
        kinds.add(setup[at] & 0x3F)
        at = _after_units(setup, at + 1 + LENGTH_BYTES, int.from_bytes(setup[at + 1 : at + 3]), None)
    return at is not None and HEVC_SPS in kinds


def is_av1(setup: bytes) -> bool:
    """Whether it is an AV1CodecConfigurationRecord."""
    return setup[:1] == bytes([AV1_FIRST])


def is_aac(setup: bytes) -> bool:
    """Whether it is an AudioSpecificConfig as live encoders write it."""
    if not 2 <= len(setup) <= LONGEST_AAC_BYTES:
        return False
    kind, bits = setup[0] >> 3, int.from_bytes(setup[:6].ljust(6, b"\0"))
    at = 5
    if kind == 31:  # an escape: six more bits
        kind, at = 32 + (bits >> 48 - 11 & 0x3F), 11
    rate = bits >> 48 - at - 4 & 0xF
    at += 4 + (24 if rate == RATE_FOLLOWS else 0)
    return (
        kind in LIVE_OBJECTS and (rate < RATES or rate == RATE_FOLLOWS) and bits >> 48 - at - 4 & 0xF in CHANNEL_SETUPS
    )


def _after_units(setup: bytes, at: int, count: int, kind: int | None) -> int | None:
    """Where the byte behind `count` units with their lengths is; None where one is not there or is not of `kind`."""
    if not count:
        return None
    for _ in range(count):
        start = at + LENGTH_BYTES
        end = start + int.from_bytes(setup[at:start])
        if end > len(setup) or end == start or (kind is not None and setup[start] & AVC_TYPE != kind):
            return None
        at = end
    return at
