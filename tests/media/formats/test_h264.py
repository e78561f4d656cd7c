"""H.264 headers and packets as bytes. The headers are x264's own, of 160x96 pixels unless they say otherwise."""

import pytest

from domain.errors import InvalidValue
from media.formats.h264 import (
    SequenceParameterSet,
    build_avcc,
    nal_length_bytes,
    parse_parameter_sets,
    parse_sps,
    split_nal_units,
)

SEQUENCE, PICTURE = bytes.fromhex("6764000bacd9428db011000003000100000300320f142996"), bytes.fromhex("68ebe3cb22c0")
AVCC_OF_FFMPEG = bytes.fromhex(
    "0164000bffe100186764000bacd9428db011000003000100000300320f14299601000668ebe3cb22c0fdf8f800"
)
WITH_START_CODES = b"\0\0\0\1" + SEQUENCE + b"\0\0\1" + PICTURE

HEADERS = {
    "baseline": (
        "6742c00bda0a36c044000003000400000300c83c50aa80",
        SequenceParameterSet(66, 11, 1, 1, 8, 160, 96, True, True),
    ),
    "high": (SEQUENCE.hex(), SequenceParameterSet(100, 11, 4, 1, 8, 160, 96, True, True)),
    "fields": (
        "67640015acd9429b6022000003000200000300643e28532c",
        SequenceParameterSet(100, 21, 4, 1, 8, 160, 96, False, True),
    ),
    "10 bits": (
        "676e000ba6cd9428db011000000300100000030320f1429960",
        SequenceParameterSet(110, 11, 4, 1, 10, 160, 96, True, True),
    ),
    "grey": (
        "6764000bf3650a36c05b20000003002000000641e28532c0",
        SequenceParameterSet(100, 11, 4, 0, 8, 160, 96, True, True),
    ),
    "wide pixels": (
        "6764000bacd9428db0e1000003000100000300320f142996",
        SequenceParameterSet(100, 11, 4, 1, 8, 160, 96, True, False),
    ),
    "cropped, an aspect in numbers": (
        "6764001facd940881e7bfff0050001b1000003000100000300320f183196",
        SequenceParameterSet(100, 31, 4, 1, 8, 540, 960, True, False),
    ),
}


@pytest.mark.parametrize(("header", "told"), HEADERS.values(), ids=HEADERS.keys())
def test_a_sequence_parameter_set_says_how_pictures_are_coded(header: str, told: SequenceParameterSet) -> None:
    assert parse_sps(bytes.fromhex(header)) == told


def number(value: int) -> str:
    """An unsigned Exp-Golomb number, as bits."""
    return f"{value + 1:b}".rjust(2 * (value + 1).bit_length() - 1, "0")


def test_scaling_lists_and_a_told_picture_order_are_passed_over() -> None:
    lists = (
        "1" + number(16) + "1" + number(0) * 16 + "0" * 6
    )  # one that ends at once, one whole, six that are not there
    order = number(1) + "0" + number(3) + number(4) + number(2) + number(5) + number(6)
    size = number(1) + "0" + number(9) + number(5) + "1" + "1" + "0" + "0"
    bits = f"{100:08b}{0:08b}{31:08b}" + number(0) + number(1) + number(0) * 2 + "0" + "1" + lists
    bits += number(0) + order + size + "1"
    nal = b"\x67" + int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8))
    assert parse_sps(nal) == SequenceParameterSet(100, 31, 1, 1, 8, 160, 96, True, True)


@pytest.mark.parametrize("length", range(1, 10))
def test_a_cut_parameter_set_is_refused(length: int) -> None:
    with pytest.raises(InvalidValue):
        parse_sps(SEQUENCE[:length])


def test_an_endless_number_is_refused() -> None:
    with pytest.raises(InvalidValue, match="out of range"):
        parse_sps(b"\x67\x64\x00\x0b" + b"\x00\x00\x03" * 20)


@pytest.mark.parametrize("header", [AVCC_OF_FFMPEG, WITH_START_CODES])
def test_both_kinds_of_headers_give_the_same_parameter_sets(header: bytes) -> None:
    assert parse_parameter_sets(header) == (SEQUENCE, PICTURE)


def test_a_header_is_written_as_ffmpeg_writes_it() -> None:
    assert build_avcc((SEQUENCE, PICTURE)) == AVCC_OF_FFMPEG


def test_a_header_that_promises_more_than_it_holds_is_refused() -> None:
    with pytest.raises(InvalidValue, match="longer than its header"):
        parse_parameter_sets(AVCC_OF_FFMPEG[:20])


def test_packets_are_told_apart_into_nal_units_either_way() -> None:
    units = [b"\x65\x11\x22", b"\x41\x00\x00\x03\x01"]
    assert list(split_nal_units(b"\0\0\0\1\x65\x11\x22\0\0\0\1\x41\x00\x00\x03\x01\0\0", None)) == units
    assert list(split_nal_units(b"\0\3\x65\x11\x22\0\5\x41\x00\x00\x03\x01", 2)) == units
    assert (nal_length_bytes(AVCC_OF_FFMPEG), nal_length_bytes(WITH_START_CODES)) == (4, None)


@pytest.mark.parametrize("content", [b"\0\0\0\4\x65\x11", b"\0\0\0\0", b"\0\0"])
def test_a_packet_whose_lengths_do_not_fit_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidValue, match="longer than its packet, or empty"):
        list(split_nal_units(content, 4))
