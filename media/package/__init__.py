"""Packaging: encoded parts joined without encoding again, and cut into an HLS folder.

Begin with hls.py: it takes fragments of concat_video.py and segments of audio_segments.py, and writes playlists.py,
which need codec_strings.py. concat_audio.py joins parts of AAC without a seam. Used by the stages EncodeVideo and
EncodeAudio.
"""
