import pytest

from domain.clock import Span
from domain.session import WritingSystem
from domain.speech import Sentence
from models.text.punctuation import punctuate, unclear_text


def sentence(start: float, text: str, pause_before: str = "") -> Sentence:
    """Four characters a second; a second of silence before the first `pause_before`."""
    at = text.index(pause_before) if pause_before else len(text)
    starts = tuple(start + i / 4 + (1.0 if i >= at else 0.0) for i in range(len(text)))
    return Sentence(start, starts[-1] + 0.25, text, starts)


def chinese(*texts: str, pause: float = 2.0) -> tuple[str, ...]:
    sentences: list[Sentence] = []
    for text in texts:
        sentences.append(sentence(sentences[-1].end + pause if sentences else 0.0, text))
    return punctuate(sentences, "zh", "Hans")


def test_a_sentence_before_a_long_pause_ends_with_a_full_stop() -> None:
    assert chinese("先讲锅", "我火开了啊", pause=0.9) == ("先讲锅。", "我火开了啊。")


def test_a_sentence_before_a_breath_goes_on_with_a_comma() -> None:
    assert chinese("先讲锅", "我火开了啊", pause=0.2) == ("先讲锅，", "我火开了啊。")


def test_a_word_that_begins_something_new_makes_a_shorter_pause_an_end() -> None:
    assert chinese("先讲锅", "接下来是刀", pause=0.4)[0] == "先讲锅。"
    assert chinese("先讲锅", "我火开了啊", pause=0.4)[0] == "先讲锅，"


def test_a_full_stop_that_nothing_speaks_for_becomes_a_comma() -> None:
    assert chinese("掉下来的东西.", "你自己都不知道", pause=0.0)[0] == "掉下来的东西，"


@pytest.mark.parametrize("asked", ["开了没有", "你们见过吗", "那多少钱呢", "对不对", "开了没有,"])
def test_a_question_gets_its_mark(asked: str) -> None:
    assert chinese(asked, "亮了", pause=0.1)[0] == asked.rstrip(",") + "？"


def test_marks_have_chinese_width_and_no_blanks_beside_them() -> None:
    assert chinese("来, 上链接! 好不好? 好") == ("来，上链接！好不好？好。",)


@pytest.mark.parametrize(
    ("heard", "shown"),
    [
        ("今天 19.9 包邮", "今天19.9包邮。"),
        ("原价2,999元", "原价2,999元。"),
        ("这支 La Roche 的 SPF 50", "这支La Roche的SPF 50。"),
        ("9.9,两瓶", "9.9，两瓶。"),
        ("vivo,oppo 都有", "vivo,oppo都有。"),
    ],
)
def test_numbers_and_latin_words_keep_their_own_marks_and_blanks(heard: str, shown: str) -> None:
    assert chinese(heard) == (shown,)


def test_a_pause_inside_a_sentence_becomes_a_comma() -> None:
    assert punctuate([sentence(0.0, "质地推开看水水的", "水水")], "zh", "Hans") == ("质地推开看，水水的。",)


def test_a_long_run_is_parted_before_a_word_that_begins_a_clause() -> None:
    assert chinese("这个锅真的非常重但是拿着很稳") == ("这个锅真的非常重，但是拿着很稳。",)


def test_a_short_run_stays_whole() -> None:
    assert chinese("好贵但是好用") == ("好贵但是好用。",)


def test_the_words_stay_what_was_heard() -> None:
    heard = "1号力件,吹大火的,316的那个不细钢 但是你看没事. 好"
    (shown,) = chinese(heard)
    assert [c for c in shown if c.isalnum()] == [c for c in heard if c.isalnum()]


@pytest.mark.parametrize(
    ("script", "shown"),
    [("Hans", "头发里面。"), ("Hant", "頭髮裏面。"), ("Hant-TW", "頭髮裡面。"), ("Hant-HK", "頭髮裏面。")],
)
def test_chinese_is_written_in_the_script_of_its_readers(script: WritingSystem, shown: str) -> None:
    assert punctuate([sentence(0.0, "头发里面")], "zh", script) == (shown,)


def test_english_keeps_its_capitals_and_stops() -> None:
    heard = [sentence(0.0, "Hi hi,  it's $24.50 .  Okay?"), sentence(9.0, "next up")]
    assert punctuate(heard, "en", "Hans") == ("Hi hi, it's $24.50. Okay?", "next up")


def test_every_sentence_has_its_text() -> None:
    texts = ("", "!", "好", ",,,", "。")
    sentences = [Sentence.with_even_timing(Span(i, i + 0.5), text) for i, text in enumerate(texts)]
    assert len(punctuate(sentences, "zh", "Hant")) == len(texts)


def test_a_reader_is_given_what_was_not_made_out() -> None:
    assert unclear_text("zh", "Hans") == "[听不清]"
    assert unclear_text("zh", "Hant-TW", "講鍋") == "[聽不清] 講鍋"
    assert unclear_text("en", "Hans", "the pot") == "[unclear] the pot"
