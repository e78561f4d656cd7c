import pytest

from domain.clock import Span
from domain.session import Language
from models.speech.hallucination_filter import (
    HallucinationKind,
    compression_ratio,
    detect_hallucinations,
    has_repetition_loop,
    is_not_speech,
)
from models.speech.recognizer import Chunk, DecodedChunk, Word


def decoded_chunk(
    text: str, *, seconds: float = 10.0, tokens: int = 60, mean_logprob: float = -0.3, no_speech_chance: float = 0.05
) -> DecodedChunk:
    chunk = Chunk((Span(0.0, seconds),))
    return DecodedChunk(chunk, (Word(text, 0.0, seconds),), tokens, mean_logprob, no_speech_chance)


TALK = "最近是不是老熬夜,脸色发暗发黄,粉底都盖不住,这个时候你就需要一瓶双抗精华"


def test_plain_talk_passes() -> None:
    assert detect_hallucinations(decoded_chunk(TALK), "zh") == frozenset()


def test_a_chant_shouted_twice_passes() -> None:
    assert detect_hallucinations(decoded_chunk("三二一上链接 三二一上链接", seconds=4.0), "zh") == frozenset()


def test_a_chant_shouted_five_times_passes() -> None:
    assert detect_hallucinations(decoded_chunk("三二一,上链接!" * 5, seconds=8.0), "zh") == frozenset()


def test_a_chant_that_never_ends_is_a_loop() -> None:
    assert HallucinationKind.LOOP in detect_hallucinations(decoded_chunk("三二一上链接" * 20, seconds=20.0), "zh")


def test_a_link_number_shouted_four_times_passes() -> None:
    assert not has_repetition_loop("四号四号四号四号去拍")


def test_a_sentence_three_times_without_a_break_is_a_loop() -> None:
    assert has_repetition_loop("这个精华很好用" * 3)


def test_a_sentence_said_twice_is_no_loop() -> None:
    assert not has_repetition_loop("这个精华很好用" * 2)


def test_a_name_said_often_with_words_between_is_no_loop() -> None:
    assert not has_repetition_loop("双抗精华真的好双抗精华我自己用双抗精华买一送一双抗精华上链接")


def test_one_character_stretched_a_little_is_no_loop() -> None:
    assert not has_repetition_loop("哈哈哈哈哈哈笑死我了")


def test_one_character_without_end_is_a_loop() -> None:
    assert has_repetition_loop("啊" * 40)


def test_a_long_loop_compresses_too_well() -> None:
    text = "好的我们来看一下" * 20
    assert compression_ratio(text) > 2.4
    assert HallucinationKind.HIGH_COMPRESSION in detect_hallucinations(decoded_chunk(text, seconds=20.0), "zh")


def test_text_that_ends_at_the_token_cap_is_cut_off() -> None:
    assert detect_hallucinations(decoded_chunk(TALK, tokens=220), "zh") == {HallucinationKind.TRUNCATED}


def test_improbable_words_are_hallucinations() -> None:
    assert detect_hallucinations(decoded_chunk(TALK, mean_logprob=-1.3), "zh") == {HallucinationKind.LOW_LOGPROB}


def test_a_high_chance_of_silence_alone_is_no_fault() -> None:
    assert (
        detect_hallucinations(decoded_chunk("好,上链接", no_speech_chance=0.8, mean_logprob=-0.3), "zh") == frozenset()
    )


def test_improbable_words_over_likely_silence_are_no_speech() -> None:
    quiet = decoded_chunk("嗯嗯", no_speech_chance=0.8, mean_logprob=-0.9)
    kinds = detect_hallucinations(quiet, "zh")
    assert kinds == {HallucinationKind.NO_SPEECH}
    assert is_not_speech(quiet, kinds)


def test_more_characters_than_anybody_says_are_hallucinations() -> None:
    assert detect_hallucinations(decoded_chunk(TALK, seconds=2.0), "zh") == {HallucinationKind.TOO_FAST}


def test_a_short_call_in_a_short_stretch_is_not_too_fast() -> None:
    assert detect_hallucinations(decoded_chunk("上链接!", seconds=0.4), "zh") == frozenset()


@pytest.mark.parametrize(
    "text",
    [
        "字幕由Amara.org社区提供",
        "请不吝点赞 订阅 转发 打赏支持明镜与点点栏目",
        "以下是普通话的直播带货,使用简体中文。",
        "以下是普通话的句子。",
        "使用简体中文。",
        "字幕志愿者 杨栋梁",
        "中文字幕组",
        "作词:李宗盛 作曲:李宗盛",
        "本视频由阿里云提供",
        "感谢收看",
        "请订阅我的频道",
        "谢谢观看",
        "Thanks for watching!",
        "Thank you so much for watching.",
        "Please subscribe",
        "Subtitles by the Amara.org community",
        "Transcribed by ESO",
        "Translated by Julia",
        "www.zeoranger.co.uk",
        "Copyright 2019. All rights reserved.",
    ],
)
def test_text_whisper_learnt_from_films_is_nothing(text: str) -> None:
    language: Language = "en" if text.isascii() else "zh"
    suspect = decoded_chunk(text)
    assert is_not_speech(suspect, detect_hallucinations(suspect, language))


def test_an_echo_of_the_prompt_beside_real_talk_is_a_conflict() -> None:
    from models.speech.whisper import PROMPTS

    for language, prompt in PROMPTS.items():
        for echo in (prompt or "").split("，") if prompt else ():
            assert HallucinationKind.BOILERPLATE in detect_hallucinations(decoded_chunk(TALK + echo), language)


@pytest.mark.parametrize(
    "text",
    [
        "这支是小红书上很火的,你们去看看评论",
        "喜欢的订阅一下我们的频道,明天八点还有一场",
        "It's written by a dermatologist, and it's so good, you guys.",
        "Thanks for watching, okay, next up is the glassy lip oil.",
    ],
)
def test_what_hosts_may_say_passes(text: str) -> None:
    assert detect_hallucinations(decoded_chunk(text), "en" if text.isascii() else "zh") == frozenset()


def test_a_host_who_thanks_viewers_within_a_sentence_is_heard() -> None:
    assert detect_hallucinations(decoded_chunk("好今天就到这里谢谢大家的观看明天晚上八点再见"), "zh") == frozenset()


def test_boilerplate_beside_real_talk_is_a_conflict_but_kept() -> None:
    mixed = decoded_chunk(TALK + "字幕由Amara.org社区提供")
    kinds = detect_hallucinations(mixed, "zh")
    assert HallucinationKind.BOILERPLATE in kinds
    assert not is_not_speech(mixed, kinds)
