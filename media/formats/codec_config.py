"""Codec configurations: whether bytes are one, or a packet of audio or video that a flipped bit made look like one.

By hand: FFmpeg takes such packets for configurations and goes on with them.
avcC and hvcC: ISO/IEC 14496-15, 5.3.3 and 8.3.3; AudioSpecificConfig: ISO/IEC 14496-3, 1.6.2.1; av1C: AV1 in ISOBMFF.
"""

AVCC_HEADER_BYTES, HVCC_HEADER_BYTES = 6, 23
NAL_LENGTH_BYTES = 2
AVC_SPS, AVC_PPS, AVC_NAL_TYPE_MASK = 7, 8, 0x1F
HEVC_SPS = 33
AV1C_FIRST_BYTE = 0x81
AAC_OBJECT_TYPES = frozenset((1, 2, 5, 23, 29, 39, 42))  # AAC Main, LC, SBR, LD, PS, ELD, USAC
AAC_SAMPLE_RATE_COUNT, EXPLICIT_SAMPLE_RATE = 13, 15
AAC_CHANNEL_CONFIGS = {*range(8), 11, 12, 14}
MAX_AAC_CONFIG_BYTES = 64  # one that lists its channels takes some 40


def is_avc_config(config: bytes) -> bool:
    """Whether these bytes are an AVCDecoderConfigurationRecord with both kinds of parameter sets."""
    if len(config) <= AVCC_HEADER_BYTES or config[0] != 1:
        return False
    sps_end = _nal_units_end(config, AVCC_HEADER_BYTES, config[5] & 0x1F, AVC_SPS)
    return (
        sps_end is not None
        and sps_end < len(config)
        and _nal_units_end(config, sps_end + 1, config[sps_end], AVC_PPS) is not None
    )


def is_hevc_config(config: bytes) -> bool:
    """Whether these bytes are an HEVCDecoderConfigurationRecord with a sequence parameter set. Some have version 0."""
    if len(config) < HVCC_HEADER_BYTES or config[0] > 1:
        return False
    offset: int | None = HVCC_HEADER_BYTES
    nal_types = set()
    for _ in range(config[HVCC_HEADER_BYTES - 1]):
        if offset is None or offset + 1 + NAL_LENGTH_BYTES > len(config):
            return False
        nal_types.add(config[offset] & 0x3F)
        offset = _nal_units_end(
            config, offset + 1 + NAL_LENGTH_BYTES, int.from_bytes(config[offset + 1 : offset + 3]), None
        )
    return offset is not None and HEVC_SPS in nal_types


def is_av1_config(config: bytes) -> bool:
    """Whether these bytes are an AV1CodecConfigurationRecord."""
    return config[:1] == bytes([AV1C_FIRST_BYTE])


def is_aac_config(config: bytes) -> bool:
    """Whether these bytes are an AudioSpecificConfig as live encoders write it."""
    if not 2 <= len(config) <= MAX_AAC_CONFIG_BYTES:
        return False
    object_type, bits = config[0] >> 3, int.from_bytes(config[:6].ljust(6, b"\0"))
    bit_offset = 5
    if object_type == 31:  # an escape: six more bits
        object_type, bit_offset = 32 + (bits >> 48 - 11 & 0x3F), 11
    rate_index = bits >> 48 - bit_offset - 4 & 0xF
    bit_offset += 4 + (24 if rate_index == EXPLICIT_SAMPLE_RATE else 0)
    return (
        object_type in AAC_OBJECT_TYPES
        and (rate_index < AAC_SAMPLE_RATE_COUNT or rate_index == EXPLICIT_SAMPLE_RATE)
        and bits >> 48 - bit_offset - 4 & 0xF in AAC_CHANNEL_CONFIGS
    )


def _nal_units_end(config: bytes, offset: int, count: int, nal_type: int | None) -> int | None:
    """The offset after `count` NAL units behind their lengths; None where one is missing or not of `nal_type`."""
    if not count:
        return None
    for _ in range(count):
        start = offset + NAL_LENGTH_BYTES
        end = start + int.from_bytes(config[offset:start])
        if (
            end > len(config)
            or end == start
            or (nal_type is not None and config[start] & AVC_NAL_TYPE_MASK != nal_type)
        ):
            return None
        offset = end
    return offset
