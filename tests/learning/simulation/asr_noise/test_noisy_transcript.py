"""The simulated transcript follows its noise profile."""

from dataclasses import replace

import numpy as np
import pytest

from domain.errors import InvalidValue
from domain.speech import Transcript
from fixtures.tiny_scripts import chinese_script, english_script
from learning.simulation.asr_noise.error_model import ConfusionModel
from learning.simulation.asr_noise.noise_profiles import NoiseProfile
from learning.simulation.asr_noise.noisy_transcript import simulate_transcript
from learning.simulation.profiles import default_profiles
from learning.simulation.scripts.script import ShowScript
from learning.simulation.scripts.speech_timing import TimedUtterance, assign_speech_times

pytestmark = pytest.mark.heavy

PERFECT = {
    language: NoiseProfile(
        name="perfect",
        language=language,
        error_rate=(0.0, 0.0),
        digit_form_share=0.0,
        dropped_utterance_share=0.0,
        unintelligible_per_min=0.0,
        timestamp_jitter=0.0,
    )
    for language in ("zh", "en")
}
CONFUSION_MODEL = ConfusionModel.from_texts(
    (script.language, [each.text for each in script.utterances]) for script in (chinese_script(), english_script())
)


def transcribed(
    script: ShowScript, profile: NoiseProfile, seed: int = 0
) -> tuple[tuple[TimedUtterance, ...], Transcript]:
    rng = np.random.default_rng(seed)
    spoken = assign_speech_times(script, rng)
    return spoken, simulate_transcript(spoken, profile, CONFUSION_MODEL, rng)


def letters(texts: list[str]) -> str:
    return "".join(each.lower() for text in texts for each in text if each.isalnum())


@pytest.mark.parametrize("script", [chinese_script(), english_script()], ids=["zh", "en"])
def test_a_perfect_profile_writes_what_was_said_when_it_was_said(script: ShowScript) -> None:
    spoken, transcript = transcribed(script, PERFECT[script.language])

    assert letters([each.text for each in transcript.sentences]) == letters([each.text for each in script.utterances])
    for sentence in transcript.sentences:
        assert any(each.span.start <= sentence.start <= each.span.end for each in spoken)


def name_hits(rate: float) -> int:
    profile = replace(PERFECT["zh"], error_rate=(rate, rate))
    names = [each.short_name for each in chinese_script().catalog]
    texts = [
        "".join(sentence.text for sentence in transcribed(chinese_script(), profile, seed)[1].sentences)
        for seed in range(40)
    ]
    return sum(text.count(name) for text in texts for name in names)


def test_the_more_errors_the_fewer_names_are_found() -> None:
    hits = [name_hits(rate) for rate in (0.0, 0.1, 0.25, 0.5)]

    assert hits == sorted(hits, reverse=True)
    assert hits[0] == 40 * 3
    assert hits[-1] < 0.5 * hits[0]


@pytest.mark.parametrize("rate", [0.1, 0.3, 0.5])
def test_errors_come_at_about_the_rate(rate: float) -> None:
    profile = replace(PERFECT["zh"], error_rate=(rate, rate), deletion_share=0.0, insertion_share=0.0)
    wrong = total = 0
    for seed in range(40):
        _, transcript = transcribed(chinese_script(), profile, seed)
        said = letters([each.text for each in chinese_script().utterances])
        written = letters([each.text for each in transcript.sentences])
        assert len(written) == len(said)
        wrong += sum(one != other for one, other in zip(said, written, strict=True))
        total += len(said)

    assert wrong / total == pytest.approx(rate, rel=0.25)


def test_numbers_are_written_in_digits_where_the_profile_does_so() -> None:
    _, transcript = transcribed(chinese_script(), replace(PERFECT["zh"], digit_form_share=1.0))

    text = "".join(each.text for each in transcript.sentences)
    assert "268" in text
    assert "1号链接" in text


def test_an_unintelligible_stretch_is_unreliable_or_missing() -> None:
    profile = replace(PERFECT["zh"], unintelligible_per_min=8.0)
    shows = [transcribed(chinese_script(), profile, seed)[1] for seed in range(10)]

    assert any(show.unheard for show in shows)
    assert any(not sentence.is_reliable for show in shows for sentence in show.sentences)


@pytest.mark.parametrize("profile", default_profiles().noise, ids=lambda profile: profile.name)
def test_every_profile_transcribes_a_show(profile: NoiseProfile) -> None:
    _, transcript = transcribed(chinese_script() if profile.language == "zh" else english_script(), profile)

    starts = [sentence.start for sentence in transcript.sentences]
    assert transcript.sentences
    assert starts == sorted(starts)


@pytest.mark.parametrize(
    "change",
    [
        {"error_rate": (0.5, 0.2)},
        {"error_rate": (0.5, 1.0)},
        {"deletion_share": 0.7, "insertion_share": 0.7},
        {"burst_factor": 0.5},
        {"dropped_utterance_share": 2.0},
    ],
)
def test_a_profile_that_cannot_be_is_refused(change: dict[str, float]) -> None:
    with pytest.raises(InvalidValue):
        replace(PERFECT["zh"], **change)  # type: ignore[arg-type]
