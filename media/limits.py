"""Limits to what a recording from a stranger may take: sizes, counts, codecs, memory and time.

What people may want to change is a setting of Probe; the rest is here. MediaError refuses what exceeds a limit.
"""

from pathlib import Path

MAX_PIXELS = 35_651_584  # of a decoded frame: H.264 level 6.2 and 8K have no more
MAX_TRACKS = 64  # in one file; a concert has a dozen
MAX_CONTINUOUS_RUNS = 500  # stretches between gaps in one file: each is encoded by itself
MAX_KEY_FRAMES = 4_000_000  # in one file: twelve hours of key frames alone at 90 a second
MAX_PACKET_DURATION_S = 2.0  # a still frame may last, but a claim of years must not count
SAMPLE_RATE_RANGE_HZ = (4_000, 384_000)  # from old telephones to studios
MAX_CHANNELS = 16  # 9.1.6 surround sound, more than any show has
MAX_BURST_PACKETS = 1000  # so few may come at any rate: a burst does no harm

READER_MEMORY_MB = 3072  # beyond what the reading process begins with; 35 megapixels of 16 bits take 0.2 GB a frame
READER_CPU_S, READER_CPU_S_PER_GB = 300, 600  # ten times the slowest reading of healthy recordings
FFMPEG_MEMORY_MB = 4096  # of address space; all renditions of a 4K recording at once take 1420 (measured)

VIDEO_CODECS = (
    *("h264", "hevc", "av1", "vp8", "vp9", "mpeg4", "mpeg2video", "mpeg1video", "flv1", "h263", "vp6", "vp6f", "vp6a"),
    *("mjpeg", "prores", "dnxhd", "ffv1"),
)
AUDIO_CODECS = (
    *("aac", "aac_latm", "mp3", "mp2", "ac3", "eac3", "opus", "vorbis", "flac", "alac", "speex", "nellymoser"),
    *("adpcm_swf", "amr_nb", "amr_wb", "pcm_alaw", "pcm_mulaw", "pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s24be"),
    *("pcm_s32le", "pcm_s32be", "pcm_f32le", "pcm_f32be", "pcm_u8", "pcm_s8", "pcm_bluray", "pcm_dvd"),
)
"""What live recorders, phones and cameras write. Codecs for screens and games unpack like archives: a small file may
hold gigabytes."""

OTHER_DECODERS = ("libdav1d", "flv", "mp3float", "amrnb", "amrwb", "libspeex", "libopus", "libvorbis")
DECODERS = ",".join((*VIDEO_CODECS, *AUDIO_CODECS, *OTHER_DECODERS))
"""FFmpeg's names of the decoders of these codecs: it opens no others."""


def mib_to_bytes(megabytes: int) -> int:
    """Mebibytes as bytes."""
    return megabytes * 2**20


def reader_cpu_limit_s(size_bytes: int) -> int:
    """Seconds of processor time that a stage may take to read files of this size."""
    return READER_CPU_S + READER_CPU_S_PER_GB * size_bytes // 10**9


def describe_files(files: tuple[Path, ...]) -> str:
    """The files as messages name them: the first, and how many more there are."""
    return str(files[0]) if len(files) == 1 else f"{files[0]} or one of {len(files) - 1} more"
