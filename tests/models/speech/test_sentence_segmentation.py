import pytest

from domain.clock import Span
from domain.speech import Sentence
from models.speech.recognizer import Word
from models.speech.sentence_segmentation import segment_sentences, snap_to_speech, spread_evenly, timed_characters


def words_of(text: str, start: float = 0.0, step: float = 0.2) -> list[Word]:
    """Chinese as Whisper gives it: a character a word, marks with the word before."""
    words: list[Word] = []
    for character in text:
        if words and character in ",。!?、":
            words[-1] = Word(words[-1].text + character, words[-1].start, words[-1].end)
            continue
        begin = words[-1].end if words else start
        words.append(Word(character, begin, begin + step))
    return words


def cut(words: list[Word], language: str = "zh") -> list[str]:
    return [s.text for s in segment_sentences(timed_characters(words, "zh" if language == "zh" else "en"))]


def test_a_pause_cuts() -> None:
    assert cut(words_of("三号链接") + words_of("好上车", start=1.3)) == ["三号链接", "好上车"]


def test_a_breath_does_not_cut() -> None:
    assert cut(words_of("三号链接") + words_of("好上车", start=1.0)) == ["三号链接好上车"]


def test_a_strong_mark_cuts_and_stays_with_its_sentence() -> None:
    assert cut(words_of("走你。干干净净!一颗都没有")) == ["走你。", "干干净净!", "一颗都没有"]


def test_a_comma_does_not_cut_a_short_sentence() -> None:
    assert cut(words_of("来,先不着急")) == ["来,先不着急"]


def test_a_long_sentence_is_cut_at_a_comma() -> None:
    texts = cut(words_of("今天咱们直播间这个价格真的是没有了,外面卖两百四十九今天只要一百六十九块九还送"))
    assert texts[0].endswith(",")
    assert len(texts) == 2


def test_no_sentence_is_longer_than_six_seconds() -> None:
    every = segment_sentences(timed_characters(words_of("精" * 100), "zh"))
    assert max(s.span.duration for s in every) <= 6.0
    assert "".join(s.text for s in every) == "精" * 100


def test_a_price_is_not_cut_at_its_dot() -> None:
    words = [Word(" It", 0.0, 0.2), Word(" is", 0.2, 0.4), Word(" 24.50,", 0.4, 1.0), Word(" go.", 1.0, 1.2)]
    assert cut([*words, Word(" Next", 1.2, 1.4)], "en") == ["It is 24.50, go.", "Next"]


def test_a_long_english_sentence_is_not_cut_inside_a_word() -> None:
    words = [Word(f" word{i}", i * 0.5, (i + 1) * 0.5) for i in range(20)]
    assert " ".join(cut(words, "en")).split() == [f"word{i}" for i in range(20)]


def test_every_character_of_a_word_has_its_own_time() -> None:
    (sentence,) = segment_sentences(timed_characters([Word(" pan", 1.0, 1.6)], "en"))
    assert sentence.text == "pan"
    assert sentence.char_starts == pytest.approx((1.0, 1.2, 1.4))


def test_a_mark_takes_no_time_and_stands_where_the_character_before_it_ended() -> None:
    (sentence,) = segment_sentences(timed_characters([Word("好,", 1.0, 1.4), Word("上", 1.4, 1.6)], "zh"))
    assert sentence.char_starts == pytest.approx((1.0, 1.4, 1.4))


def test_traditional_text_comes_out_simplified_with_its_times() -> None:
    (sentence,) = segment_sentences(timed_characters(words_of("雙抗精華"), "zh"))
    assert sentence.text == "双抗精华"
    assert sentence.char_starts == pytest.approx((0.0, 0.2, 0.4, 0.6))


def test_an_unreliable_stretch_is_a_sentence_of_its_own() -> None:
    sure = list(timed_characters(words_of("三号链接"), "zh"))
    unsure = list(timed_characters(words_of("嗯嗯嗯", start=0.8), "zh", is_reliable=False))
    assert [(s.text, s.is_reliable) for s in segment_sentences(sure + unsure)] == [
        ("三号链接", True),
        ("嗯嗯嗯", False),
    ]


def test_marks_without_words_are_no_sentence() -> None:
    assert cut([Word("...", 0.0, 1.0)]) == []


def test_a_character_stretched_over_a_silence_is_moved_into_speech() -> None:
    timed = timed_characters([Word("好", 0.5, 1.0), Word("来", 1.0, 4.2), Word("上", 4.2, 4.4)], "zh")
    moved = list(snap_to_speech(timed, [Span(0.4, 1.1), Span(4.0, 5.0)]))
    assert [(c.start, c.end) for c in moved] == [(0.5, 1.0), (4.0, 4.2), (4.2, 4.4)]


def test_spread_text_fills_its_span() -> None:
    (sentence,) = segment_sentences(spread_evenly(Span(2.0, 4.0), "上链接!"))
    assert sentence == Sentence(2.0, 4.0, "上链接!", (2.0, 2.5, 3.0, 3.5))


def test_a_single_character_that_lasts_long_is_a_sentence() -> None:
    assert [each.text for each in segment_sentences(spread_evenly(Span(1.0, 9.0), "哎"))] == ["哎"]
