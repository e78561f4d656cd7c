"""Whether players can start at every key frame: packets made of NAL units behind start codes."""

import pytest

from media.formats.h264 import START_CODE
from media.scan.random_access import RandomAccessCheck

SEQUENCE, PICTURE = bytes.fromhex("6764000bacd9428db011000003000100000300320f142996"), bytes.fromhex("68ebe3cb22c0")
HEADER = START_CODE + SEQUENCE + START_CODE + PICTURE
IDR, INTRA = b"\x65\x88\x80", b"\x41\x9a\x21"
OTHER_PICTURE_SET = b"\x68\xce\x0f\xc8"


def packet(*units: bytes) -> bytes:
    return b"".join(START_CODE + unit for unit in units)


def are_standalone(*packets: bytes) -> bool:
    check = RandomAccessCheck(HEADER)
    for content in packets:
        check.observe(content)
    config = check.h264_config(has_leading_frames=False)
    assert config is not None
    return config.has_closed_gops


def test_idr_pictures_with_or_without_the_header_again_stand_alone() -> None:
    assert are_standalone(packet(IDR), packet(SEQUENCE, PICTURE, IDR), packet(IDR, IDR))


@pytest.mark.parametrize("content", [packet(INTRA), packet(OTHER_PICTURE_SET, IDR), b""])
def test_one_key_frame_that_does_not_stand_alone_counts(content: bytes) -> None:
    assert not are_standalone(packet(IDR), content, packet(IDR))


def test_frames_shown_before_their_key_frame_open_the_gops() -> None:
    check = RandomAccessCheck(HEADER)
    check.observe(packet(IDR))
    config = check.h264_config(has_leading_frames=True)
    assert config is not None
    assert (config.parameter_sets, config.has_closed_gops) == ((SEQUENCE.hex(), PICTURE.hex()), False)


@pytest.mark.parametrize("header", [b"", b"\x01\x64\x00\x0b\xff\xe1\x00\x18"])
def test_a_broken_header_gives_no_config(header: bytes) -> None:
    assert RandomAccessCheck(header).h264_config(has_leading_frames=False) is None
