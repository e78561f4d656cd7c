"""Read every packet once: what is in a file, strand by strand. One picture is decoded, for its size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from domain.clock import Span
from domain.errors import MediaError
from domain.recording import Fault, FileInfo, KeyMark, SoundTrack, VideoTrack
from media.demuxer import container_name, is_cut_off
from media.keyframes import MICROSECOND_DIGITS, Look, codec_of, first_look, picture_track
from media.limits import (
    LONGEST_PACKET_S,
    MOST_CHANNELS,
    MOST_KEY_FRAMES,
    MOST_STRETCHES,
    SAMPLE_RATES_HZ,
    SOUND_CODECS,
)
from media.scan.random_access import KeyPictures
from media.scan.timestamp_chains import Limits, Strands
from media.scan.track_stats import SHORTEST_HOLE_S, Reading, StrandReading
from pipeline.engine.stage import Progress

if TYPE_CHECKING:
    from av import AudioStream, Packet, VideoStream
    from av.container import InputContainer
    from av.stream import Stream as Track

PACKETS_A_TELLING = 5000  # about 30 s of a show
MOST_STRANDS = 200  # in one file: no clock is set so often, and each may become a file
LONGEST_OVERHANG_S = 0.1  # the last sound of a file lasts as much longer than the picture, by the size of its packets
JOIN_S = 0.5  # MPEG-TS counts its packets, and a recorder that went on after a gap counts anew
ENCODE_PICTURE = "encode it anew as H.264, HEVC or AV1, and use that"
CUT_OFF = "the file breaks off; what came before is used"


@dataclass(frozen=True, slots=True)
class Tracks:
    """The picture and the sound that are used."""

    picture: VideoStream
    sound: AudioStream | None

    @property
    def wanted(self) -> list[Track]:
        return [track for track in (self.picture, self.sound) if track is not None]

    def units_s(self) -> dict[int, float]:
        """Seconds a tick, by track: as floats, for fractions cost more than all the rest of a scan."""
        return {track.index: float(track.time_base or 0) for track in self.wanted}


@dataclass
class Scan:
    """A file, or a stretch of its bytes, read."""

    tracks: Tracks
    limits: Limits
    units_s: dict[int, float]
    strands: list[StrandReading] = field(default_factory=list)
    look: Look | None = None
    h264: KeyPictures | None = None
    corrupt: list[float] = field(default_factory=list)
    broke_off: bool = False

    def add(self, number: int, packet: Packet[Any], at: int) -> None:
        if number == len(self.strands):
            gap = self.limits.longest_gap_s
            self.strands.append(StrandReading(Reading(gap), Reading(gap), at))
        strand = self.strands[number]
        is_picture = packet.stream_index == self.tracks.picture.index
        reading = strand.picture if is_picture else strand.sound
        unit = self.units_s[packet.stream_index]
        if not reading.count:
            reading.begins_inside = not packet.is_keyframe
        start = (packet.pts or 0) * unit
        if packet.dts is not None:
            reading.follow(packet.dts * unit)
        length_s = (packet.duration or 0) * unit
        reading.add(start, length_s if 0 < length_s <= LONGEST_PACKET_S else 0.0)
        strand.last_packet = at
        if is_picture and packet.is_keyframe:
            content = bytes(packet)
            reading.mark(content, start)
            if self.h264 is not None:
                self.h264.see(content)
            if self.look is None:
                self.look = first_look(cast("Packet[VideoStream]", packet))
        if packet.is_corrupt:
            self.corrupt.append(start)

    def check(self, file: Path, size_bytes: int, read_bytes: int) -> None:
        """MediaError where there is too much of something, or where the file grows as it is read."""
        if read_bytes > size_bytes:
            raise MediaError(file, "grows while it is read", "wait until the recording is finished")
        pictures, sounds = [each.picture for each in self.strands], [each.sound for each in self.strands]
        if max(sum(len(reading.runs) for reading in some) for some in (pictures, sounds)) > MOST_STRETCHES:
            what = f"has more than {MOST_STRETCHES} gaps"
            raise MediaError(file, what, "copy it with a tool that makes new time stamps, and use that")
        if sum(len(reading.key_frames) for reading in pictures) > MOST_KEY_FRAMES:
            what = f"has more than {MOST_KEY_FRAMES} key frames"
            raise MediaError(file, what, "split it, or encode it with fewer, and use that")

    @property
    def pictures(self) -> int:
        """How many pictures were read."""
        return sum(strand.picture.count for strand in self.strands)

    @property
    def seen_s(self) -> float:
        """How long they are shown, seconds."""
        return sum(end - start for strand in self.strands for start, end in strand.picture.runs)


def placed_packets(
    recording: InputContainer, tracks: Tracks, limits: Limits, file: Path
) -> Iterator[tuple[int, int, Packet[Any]]]:
    """Every packet that has a time, in the order of the file: the number of its strand, its own number, and itself.

    A file that breaks off ends there. MediaError when its times jump again and again.
    """
    strands, units_s = Strands(limits), tracks.units_s()
    for at, packet in enumerate(_demuxed(recording, tracks)):
        if packet.pts is None:
            continue
        time = None if packet.dts is None else packet.dts * units_s[packet.stream_index]
        yield strands.place(packet.stream_index, time), at, packet
        if len(strands.all) > MOST_STRANDS:
            what = f"its times jump more than {MOST_STRANDS} times"
            raise MediaError(file, what, "copy it with a tool that makes new time stamps, and use that")


def _demuxed(recording: InputContainer, tracks: Tracks) -> Iterator[Packet[Any]]:
    packets = iter(recording.demux(tracks.wanted))
    with suppress(StopIteration, IndexError):  # IndexError: PyAV 18 meets a track that came after the file's head
        while True:
            yield next(packets)


def scanned(recording: InputContainer, file: Path, limits: Limits, progress: Progress) -> Scan:
    """Read an open file to its end. MediaError without a picture that can be decoded."""
    from av import FFmpegError

    tracks = tracks_of(recording, file)
    scan = Scan(tracks, limits, tracks.units_s(), broke_off=is_cut_off(file, container_name(recording)))
    if tracks.picture.codec_context.name == "h264":
        scan.h264 = KeyPictures(tracks.picture.codec_context.extradata or b"")
    size_bytes = file.stat().st_size
    try:
        for number, at, packet in placed_packets(recording, tracks, limits, file):
            scan.add(number, packet, at)
            if at % PACKETS_A_TELLING == 0 and packet.pos:
                progress(min(1.0, packet.pos / size_bytes))
                scan.check(file, size_bytes, packet.pos)
    except FFmpegError:
        scan.broke_off = True
    if not scan.strands:
        raise MediaError(file, "has no packet that can be read", "record or copy it again")
    scan.check(file, size_bytes, 0)
    return scan


def tracks_of(recording: InputContainer, file: Path) -> Tracks:
    """The picture and the first sound of an open file. MediaError where there is none that is read."""
    picture = picture_track(recording)
    if picture is None:
        coded = ", ".join(sorted({codec_of(track) for track in recording.streams.video} - {""}))
        if coded:
            raise MediaError(file, f"has its picture coded as {coded}, which is not read", ENCODE_PICTURE)
        raise MediaError(file, "has no video track that can be read", "give the recording of the show's picture")
    return Tracks(picture, _sound_of(recording, file))


def _sound_of(recording: InputContainer, file: Path) -> AudioStream | None:
    """The first sound that is read. MediaError where there is sound, but none that is."""
    for track in recording.streams.audio:
        if codec_of(track) in SOUND_CODECS:
            return track
    coded = ", ".join(sorted({codec_of(track) or "something unknown" for track in recording.streams.audio}))
    if coded:
        raise MediaError(file, f"has its sound coded as {coded}, which is not read", "encode it anew as AAC")
    return None


def file_info(recording: InputContainer, scan: Scan, strands: Sequence[int], file: Path) -> FileInfo:
    """What is in an open file that was scanned, its strands taken as one. MediaError without a key frame to decode."""
    if scan.look is None:
        raise MediaError(file, "has no key frame that can be decoded", "record or copy it again")
    first, *others = (scan.strands[number] for number in strands)
    for other in others:
        first.picture.absorb(other.picture)
        first.sound.absorb(other.sound)
    first.picture.has_begun()
    picture, sound = first.picture, first.sound if first.sound.count else None
    readings = [(track, reading) for track, reading in ((scan.tracks.picture, picture), (scan.tracks.sound, sound))]
    told = [(track, reading) for track, reading in readings if track is not None and reading is not None]
    origin = min(_first_instant(track, reading) for track, reading in told if reading.runs)
    runs = _merged([run for _, reading in told for run in _without_overhang(reading, picture)], origin, scan.limits)
    video = _video_track(scan, picture, scan.look, origin)
    head, tail = (tuple(KeyMark(mark.time - origin, mark.checksum) for mark in m) for m in (picture.head, picture.tail))
    return FileInfo(
        container_name(recording),
        runs[-1].end,
        runs,
        video,
        _sound_track(recording, scan.tracks.sound, file) if sound else None,
        round(origin, MICROSECOND_DIGITS),
        head=head,
        tail=tail,
        faults=_faults(scan, picture, sound, origin, runs),
    )


def _video_track(scan: Scan, picture: Reading, look: Look, origin: float) -> VideoTrack:
    key_frames = sorted({round(time - origin, MICROSECOND_DIGITS) for time in picture.key_frames})
    seen_s = sum(end - start for start, end in picture.runs)
    return VideoTrack(
        scan.tracks.picture.codec_context.name,
        look.size.width,
        look.size.height,
        picture.count / seen_s if seen_s > 0 else 0.0,
        tuple(time for time in key_frames if time >= 0),
        look.is_interlaced,
        look.is_turned,
        _merged(picture.runs, origin, scan.limits),
        scan.h264.coding(has_leading=picture.has_leading) if scan.h264 is not None else None,
    )


def _first_instant(track: Track, reading: Reading) -> float:
    """When the track is first presented: the demuxer knows of samples that only warm up the decoder."""
    first = min(start for start, _ in reading.runs)
    if track.start_time is None or track.time_base is None:
        return first
    told = float(track.start_time * track.time_base)
    return told if abs(told - first) < reading.longest_gap_s else first


def _without_overhang(reading: Reading, picture: Reading) -> list[list[float]]:
    """Runs of a track, without what its last packet has beyond the picture: the next file begins there."""
    ends = picture.runs[-1][1] if picture.runs else 0.0
    *before, (start, end) = reading.runs
    return [*before, [start, ends if ends > start and 0 < end - ends <= LONGEST_OVERHANG_S else end]]


def _merged(runs: Iterable[list[float]], origin: float, limits: Limits) -> tuple[Span, ...]:
    """The stretches, in file time, in which no track has a gap that the others don't fill."""
    merged: list[list[float]] = []
    for start, end in sorted(runs):
        if merged and start <= merged[-1][1] + limits.longest_gap_s:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([start, end])
    rounded = [[round(max(0.0, time - origin), MICROSECOND_DIGITS) for time in run] for run in merged]
    return tuple(Span(start, end) for start, end in rounded)


def _faults(
    scan: Scan, picture: Reading, sound: Reading | None, origin: float, runs: tuple[Span, ...]
) -> tuple[Fault, ...]:
    """What is wrong within a file and told, each kind once."""
    faults = []
    if scan.broke_off or any(time - origin > runs[-1].end - JOIN_S for time in scan.corrupt):
        faults.append(Fault("cut_off", runs[-1].end, 0.0, CUT_OFF))
    corrupt = [max(0.0, time - origin) for time in scan.corrupt]
    inside = sorted(time for time in corrupt if not _is_near_an_end(time, runs))
    if inside:
        what = "damaged packets: the picture or the sound may be disturbed there"
        faults.append(Fault("damaged", inside[0], inside[-1] - inside[0], what, len(inside)))
    faults += _missing(picture, origin, runs, ("held", "the picture is missing and the last one is held"))
    shown = tuple(run for run in runs if any(run.holds(max(0.0, time - origin)) for time in picture.key_frames))
    faults += _ended(picture, origin, shown, ("held", "the picture ends here and the last one is held"))
    if sound is not None:
        faults += _missing(sound, origin, runs, ("silent", "the sound is missing and there is silence"))
        faults += _ended(sound, origin, runs, ("silent", "the sound ends here and there is silence"))
    return tuple(faults)


def _is_near_an_end(time: float, runs: Iterable[Span]) -> bool:
    return any(min(abs(time - run.start), abs(time - run.end)) < JOIN_S for run in runs)


def _missing(reading: Reading, origin: float, runs: tuple[Span, ...], told: tuple[Any, str]) -> list[Fault]:
    """Where a track has nothing while the replay goes on, taken together."""
    ends = [(runs[0].start + origin, runs[0].start + origin), *map(tuple, reading.runs)]
    away = [(a[1], b[0]) for a, b in pairwise(ends)] + reading.holes
    found = [hole for start, end in sorted(away) for hole in _replayed(start - origin, end - origin, runs)]
    if not found:
        return []
    return [Fault(told[0], found[0].start, sum(hole.duration for hole in found), told[1], len(found))]


def _ended(reading: Reading, origin: float, runs: tuple[Span, ...], told: tuple[Any, str]) -> list[Fault]:
    """Where a track has come to its end while the replay goes on: apart from holes, for nothing hangs on that."""
    end = max((end for _, end in reading.runs), default=origin) - origin
    found = _replayed(end, max((run.end for run in runs), default=end), runs)
    return [Fault(told[0], found[0].start, sum(rest.duration for rest in found), told[1])] if found else []


def _replayed(start: float, end: float, runs: tuple[Span, ...]) -> list[Span]:
    """What of a stretch of file time the replay goes on in, where that is long enough to be noticed."""
    if end - start <= SHORTEST_HOLE_S:
        return []
    away = Span(max(0.0, start), max(0.0, end))
    return [shown for run in runs if (shown := away.within(run)).duration > SHORTEST_HOLE_S]


def _sound_track(recording: InputContainer, track: AudioStream | None, file: Path) -> SoundTrack | None:
    """Its shape as declared. MediaError for one that no recorder makes."""
    if track is None:
        return None
    rate, channels = track.sample_rate or 0, track.channels
    slowest, fastest = SAMPLE_RATES_HZ
    if not (slowest <= rate <= fastest and 1 <= channels <= MOST_CHANNELS):
        what = f"claims sound of {rate} samples a second in {channels} channels"
        raise MediaError(file, what, "encode its sound anew, or leave it out and give captions")
    return SoundTrack(track.codec_context.name, rate, channels, recording.streams.audio.index(track))
