"""How packets are moved to the clock of a remuxed file."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import av
import pytest

from media.scan.section_writer import PacketRetimer

MS = Fraction(1, 1000)


def packet(pts: int | None, dts: int | None, content: bytes = b"frame", time_base: Fraction = MS) -> av.Packet[Any]:
    new_packet: av.Packet[Any] = av.Packet(content)
    new_packet.pts, new_packet.dts, new_packet.time_base = pts, dts, time_base
    return new_packet


def retimed(retimer: PacketRetimer, *times: tuple[int | None, int | None, int]) -> list[tuple[int | None, int | None]]:
    """Presentation and decoding times of packets with these times and chains."""
    packets = [(packet(pts, dts), chain) for pts, dts, chain in times]
    assert all(retimer.retime(each, chain) for each, chain in packets)
    return [(each.pts, each.dts) for each, _ in packets]


def test_every_chain_is_moved_by_its_own_shift() -> None:
    assert retimed(PacketRetimer({0: 10.0, 1: 4.0}), (11_000, 11_000, 0), (6_000, 6_000, 1)) == [
        (1_000, 1_000),
        (2_000, 2_000),
    ]


def test_decoding_times_rise_and_no_frame_is_shown_before_it_is_decoded() -> None:
    assert retimed(PacketRetimer({0: 0.0}), (40, 40, 0), (30, 20, 0)) == [(40, 40), (41, 41)]


def test_a_packet_without_a_decoding_time_is_decoded_when_it_is_shown() -> None:
    assert retimed(PacketRetimer({0: 0.0}), (40, None, 0)) == [(40, 40)]


def test_decoding_times_differ_by_a_tick_of_matroska() -> None:
    first, second = (packet(900, 900, time_base=Fraction(1, 90_000)) for _ in range(2))
    retimer = PacketRetimer({0: 0.0})
    assert retimer.retime(first, 0)
    assert retimer.retime(second, 0)
    assert second.dts == 900 + 90


@pytest.mark.parametrize(("pts", "content"), [(None, b"frame"), (40, b"")])
def test_what_cannot_be_shown_is_left_out(pts: int | None, content: bytes) -> None:
    assert not PacketRetimer({0: 0.0}).retime(packet(pts, 40, content), 0)
