"""What touches media: ffmpeg as a child process, PyAV's demuxer, key frames, images, PCM audio, photos, limits.

formats/ reads containers and codecs as bytes; scan/ finds what a recording holds; encode/ chooses and makes renditions;
package/ joins encoded parts to HLS. pipeline/ may import all of it; media/ imports domain/ alone, never models/. Begin
with ffmpeg.py (how programs are run) and demuxer.py (how recordings are opened: in the sandbox only).
"""
