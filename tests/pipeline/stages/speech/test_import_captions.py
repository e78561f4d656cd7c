"""Given captions as a transcript on the replay clock."""

import pytest

from domain.clock import Cut, Timeline, TimelineClip
from domain.errors import CaptionsError
from domain.session import SpokenLanguage
from domain.speech import Caption, Captions, Transcript
from pipeline.stages.speech.import_captions import ImportCaptions

WHOLE = Timeline((TimelineClip(0, 0.0, 0.0, 0.0, 100.0),))
WITH_GAP = Timeline(
    (TimelineClip(0, 0.0, 0.0, 0.0, 10.0), TimelineClip(0, 20.0, 20.0, 10.0, 30.0)), (Cut(10.0, 10.0, "gap"),)
)


def imported(*captions: Caption, timeline: Timeline = WHOLE, spoken: SpokenLanguage | None = None) -> Transcript:
    return ImportCaptions()(Captions(None, captions), timeline, spoken or SpokenLanguage(None))


def test_the_source_of_the_transcript_is_captions() -> None:
    assert imported(Caption(1.0, 2.0, "上链接")).source == "captions"


def test_characters_are_spread_evenly_where_no_times_are_given() -> None:
    (sentence,) = imported(Caption(1.0, 3.0, "三号链接")).sentences
    assert sentence.char_starts == pytest.approx((1.0, 1.5, 2.0, 2.5))
    assert sentence.end == pytest.approx(3.0)


def test_given_character_times_are_kept() -> None:
    (sentence,) = imported(Caption(1.0, 3.0, "三号链", char_starts=(1.0, 1.1, 2.9))).sentences
    assert sentence.char_starts == (1.0, 1.1, 2.9)
    assert sentence.end == 3.0


def test_times_move_to_the_replay_clock() -> None:
    (sentence,) = imported(Caption(22.0, 24.0, "上车"), timeline=WITH_GAP).sentences
    assert (sentence.start, sentence.end) == (12.0, 14.0)


def test_a_caption_wholly_inside_a_cut_is_dropped() -> None:
    assert imported(Caption(12.0, 18.0, "没播出去"), timeline=WITH_GAP).sentences == ()


def test_a_caption_that_runs_into_a_cut_ends_there() -> None:
    (sentence,) = imported(Caption(8.0, 14.0, "说到一半"), timeline=WITH_GAP).sentences
    assert (sentence.start, sentence.end) == (8.0, 10.0)


def test_captions_come_out_in_order_of_time() -> None:
    assert [s.text for s in imported(Caption(5.0, 6.0, "后"), Caption(1.0, 2.0, "先")).sentences] == ["先", "后"]


def test_a_long_caption_is_cut_into_sentences_at_its_marks() -> None:
    text = "先不着急,手上这一瓶你们看一下。最近是不是老熬夜?脸色发暗发黄"
    assert [s.text for s in imported(Caption(0.0, 10.0, text)).sentences] == [
        "先不着急,手上这一瓶你们看一下。",
        "最近是不是老熬夜?",
        "脸色发暗发黄",
    ]


def test_a_line_break_becomes_a_blank() -> None:
    (sentence,) = imported(Caption(0.0, 2.0, "link number\none")).sentences
    assert sentence.text == "link number one"


def test_an_unreliable_caption_stays_unreliable() -> None:
    (sentence,) = imported(Caption(0.0, 1.0, "嗯嗯", is_reliable=False)).sentences
    assert not sentence.is_reliable


def test_the_captions_own_language_comes_first() -> None:
    captions = Captions("en", (Caption(0.0, 1.0, "上链接"),))
    assert ImportCaptions()(captions, WHOLE, SpokenLanguage("zh")).language == "en"


def test_the_shows_language_comes_second() -> None:
    assert imported(Caption(0.0, 1.0, "上链接"), spoken=SpokenLanguage("en")).language == "en"


def test_chinese_with_latin_brands_is_chinese() -> None:
    assert imported(Caption(0.0, 4.0, "PROYA 的双抗精华,SK II 的神仙水,三号链接")).language == "zh"


def test_english_is_detected_by_its_words() -> None:
    assert imported(Caption(0.0, 4.0, "Link number one, go go go")).language == "en"


def test_traditional_characters_come_out_simplified() -> None:
    assert imported(Caption(0.0, 4.0, "雙抗精華,三號連結")).sentences[0].text == "双抗精华,三号连结"


def test_captions_that_nobody_could_say_in_the_time_are_refused() -> None:
    with pytest.raises(CaptionsError, match=r"hold 12000 characters for a show of 100 s, more than 10000; give"):
        imported(*(Caption(1.0, 2.0, "一号链接") for _ in range(3000)))


def test_captions_outside_the_show_do_not_count() -> None:
    (sentence,) = imported(
        Caption(1.0, 2.0, "上链接"), *(Caption(500.0, 501.0, "一号链接") for _ in range(3000))
    ).sentences
    assert sentence.text == "上链接"
