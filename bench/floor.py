"""The floor: the same encode by bare ffmpeg, and bare faster-whisper, batched, with the same settings and audio.

python -m bench.floor encode RECORDING       python -m bench.floor speech RECORDING LANGUAGE
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from media.ffmpeg import binary
from pipeline.stages.media.choose_renditions import ChooseRenditions
from pipeline.stages.media.encode_audio import EncodeAudio
from pipeline.stages.media.encode_video import EncodeVideo
from pipeline.stages.speech.transcribe import Transcribe


def encode(recording: Path) -> None:
    """Decode once, encode all renditions and the audio, write HLS of each: one bare command."""
    chosen = ChooseRenditions()
    large, small = (_fitted(side) for side in (chosen.large_side_px, chosen.small_side_px))
    h264 = ["-c:v", "libx264", "-preset", chosen.h264_preset, "-crf", str(chosen.h264_crf), "-threads", "1"]
    h264 += ["-x264-params", chosen.h264_params] if chosen.h264_params else []
    av1 = ["-c:v", "libsvtav1", "-preset", str(chosen.av1_preset), "-crf", str(chosen.av1_crf)]
    av1 += ["-svtav1-params", ":".join(filter(None, ["lp=1", chosen.av1_params]))]
    audio = EncodeAudio()
    audio_options = ["-map", "0:a", "-c:a", "aac", "-b:a", f"{audio.mono_kbps}k", "-aac_coder", audio.aac_coder]
    with tempfile.TemporaryDirectory() as folder:
        ends: list[str] = []
        for number, video_options in enumerate(([*large, *h264], [*large, *av1], [*small, *h264])):
            ends += ["-map", "0:v", *video_options, *_packaged(f"{folder}/{number}")]
        begin = [str(binary()), "-v", "error", "-nostdin", "-threads", "1", "-i", str(recording)]
        subprocess.run([*begin, *ends, *audio_options, *_packaged(f"{folder}/audio")], check=True)


def _fitted(side: int) -> list[str]:
    return ["-vf", f"scale='if(gt(iw,ih),-2,min({side},iw))':'if(gt(iw,ih),min({side},ih),-2)'"]


def _packaged(folder: str) -> list[str]:
    Path(folder).mkdir()
    video = EncodeVideo()
    on_the_grid = f"expr:gte(t,n_forced*{ChooseRenditions().keyframe_interval_s})"
    keys = ["-force_key_frames", on_the_grid, "-fps_mode", "passthrough"]
    hls = ["-f", "hls", "-hls_segment_type", "fmp4", "-hls_time", str(video.segment_s), "-hls_playlist_type", "vod"]
    return [*(keys if not folder.endswith("audio") else []), *hls, f"{folder}/index.m3u8"]


def speech(recording: Path, language: str) -> None:
    """Extract and resample the audio, then run faster-whisper's own batched pipeline with its own voice detection."""
    from faster_whisper import BatchedInferencePipeline, WhisperModel

    from models.speech.whisper import PROMPTS
    from models.speech.whisper_files import whisper_folder

    settings = Transcribe()
    with tempfile.TemporaryDirectory() as folder:
        wav = f"{folder}/sound.wav"
        extract = ["-i", str(recording), "-vn", "-ac", "1", "-ar", "16000", "-c:a", "pcm_s16le", wav]
        subprocess.run([str(binary()), "-v", "error", "-nostdin", *extract], check=True)
        model = WhisperModel(str(whisper_folder(settings.model)), device="cpu", compute_type="int8", cpu_threads=1)
        segments, _ = BatchedInferencePipeline(model).transcribe(
            wav,
            language=language,
            batch_size=settings.batch_size,
            beam_size=settings.beam_size,
            chunk_length=int(settings.max_chunk_s),
            word_timestamps=True,
            initial_prompt=PROMPTS["zh" if language == "zh" else "en"],
        )
        for _ in segments:
            pass


if __name__ == "__main__":
    if sys.argv[1] == "encode":
        encode(Path(sys.argv[2]))
    else:
        speech(Path(sys.argv[2]), sys.argv[3])
