"""What a take says of its product."""

from collections.abc import Mapping

import numpy as np

from domain.catalog import Product
from domain.clock import Span
from domain.evidence import DISCOURSE_ROLES, DiscourseClassification, DiscourseRole, Mention, MentionKind
from domain.session import Language
from domain.speech import Sentence
from models.description.sentence_roles import role_classifier
from models.description.summary import MAX_SUMMARY_COLUMNS, TakeSubject, build_show_context, summarize
from models.text.typography import display_width

SERUM = Product(product_id="1", title="珀莱雅双抗精华液抗氧抗糖 虾青素", short_name="双抗精华", brand="珀莱雅")


def sentences_of(*texts: str) -> dict[int, Sentence]:
    return {n: Sentence.with_even_timing(Span(6.0 * n, 6.0 * n + 4), text) for n, text in enumerate(texts)}


def mention(text: str, sentence: int, kind: MentionKind = "name", product_id: str = "1") -> Mention:
    return Mention(kind, (product_id,), Span(6.0 * sentence, 6.0 * sentence + 1), sentence, text, 3.0)


def talk(count: int, roles: Mapping[int, DiscourseRole]) -> DiscourseClassification:
    """A unit a sentence, each of the role in `roles` by a chance of .7, or of a feature."""
    chances = np.full((count, len(DISCOURSE_ROLES)), 0.025)
    for number, row in enumerate(chances):
        row[DISCOURSE_ROLES.index(roles.get(number, "feature"))] = 0.7
    nothing = np.zeros(count)
    return DiscourseClassification(chances, nothing, nothing, np.array([6.0 * number for number in range(count)]))


def summary(
    sentences: dict[int, Sentence],
    *mentions: Mention,
    others: tuple[Mention, ...] = (),
    rest: tuple[str, ...] = (),
    language: Language = "zh",
    roles: Mapping[int, DiscourseRole] = {},
) -> str:
    everything = [*sentences.values(), *sentences_of(*rest).values()]
    show = build_show_context(everything, language, role_classifier(talk(len(everything), roles), language))
    return summarize(sentences, TakeSubject((SERUM,), mentions, others), show)


def test_it_is_the_hosts_own_telling_sentences_in_order() -> None:
    sentences = sentences_of(
        "里面是麦角硫因加虾青素，抗糖又抗氧。", "谢谢爱吃榴莲的猪，谢谢晴天。", "双抗精华水水的，一抹就化开了。"
    )
    assert summary(sentences, mention("双抗精华", 2)) == (
        "里面是麦角硫因加虾青素，抗糖又抗氧。双抗精华水水的，一抹就化开了。"
    )


def test_calls_to_buy_greetings_and_giveaways_give_way_to_what_it_is() -> None:
    sentences = sentences_of(
        "欢迎新进来的宝宝，点点关注。",
        "双抗精华三号链接，三二一去拍。",
        "扣一发福袋，抽三个免单。",
        "双抗精华一抹就化开，不黏不油。",
        "里面是虾青素，抗糖又抗氧化的。",
    )
    roles: dict[int, DiscourseRole] = {0: "chat", 1: "link", 2: "giveaway"}
    assert summary(sentences, mention("双抗精华", 1), mention("双抗精华", 3), roles=roles) == (
        "双抗精华一抹就化开，不黏不油。里面是虾青素，抗糖又抗氧化的。"
    )


def test_the_same_is_not_told_twice() -> None:
    sentences = sentences_of(
        "双抗精华抗糖抗氧，熬夜党都要用它。",
        "双抗精华抗糖抗氧，熬夜党都要用它啊。",
        "里面是虾青素，水水的一抹就化开。",
        "瓶子是按压的，早晚各按两下就够了。",
        "我妈也在用，她说脸没那么黄了。",
    )
    words = summary(sentences, mention("双抗精华", 0), mention("双抗精华", 1))
    assert words.count("熬夜党") == 1
    assert words.count("。") > 1


def test_a_sentence_about_another_product_is_left_out() -> None:
    sentences = sentences_of(
        "双抗精华一抹就化开，不黏不油。", "红宝石精华抗皱紧致，晚上用的。", "它能抗糖抗氧，熬夜党用的。"
    )
    others = (mention("红宝石精华", 1, product_id="2"),)
    assert "红宝石" not in summary(sentences, mention("双抗精华", 0), others=others)


def test_what_was_hardly_heard_is_not_told() -> None:
    sentences = sentences_of("双抗精华一抹就化开，不黏不油。", "双抗精华能上天入地包治百病。")
    sentences[1] = Sentence.with_even_timing(Span(6, 10), sentences[1].text, is_reliable=False)
    assert "包治百病" not in summary(sentences, mention("双抗精华", 0), mention("双抗精华", 1))


def test_names_are_spelt_as_in_the_catalogue() -> None:
    assert (
        summary(sentences_of("霜抗精华一抹就化开，不黏不油。"), mention("霜抗精华", 0))
        == "双抗精华一抹就化开，不黏不油。"
    )


def test_english_sentences_have_blanks_between_them() -> None:
    sentences = sentences_of("It's clear, and it's a stick for your purse.", "There is no white cast on deeper skin.")
    assert summary(sentences, language="en") == (
        "It's clear, and it's a stick for your purse. There is no white cast on deeper skin."
    )


def test_a_take_in_which_nothing_was_said_has_no_summary() -> None:
    assert summary({}) == ""


def test_a_summary_is_short_however_much_was_said() -> None:
    sentences = sentences_of(
        *(
            f"第{n}个好处是它用起来特别舒服特别方便而且一点也不会觉得黏，用过的都说好用得很。"
            for n in "一二三四五六七八"
        )
    )
    words = summary(sentences)
    assert 0 < display_width(words) <= MAX_SUMMARY_COLUMNS
    assert words.count("。") <= 3


def test_what_is_learned_to_be_chat_is_not_told_whatever_its_words_are() -> None:
    sentences = sentences_of("这一瓶水水的，一抹就化开了。", "我家猫昨天把杯子打翻了，气人。")
    show = build_show_context([*sentences.values()], "zh", role_classifier(talk(2, {1: "chat"}), "zh"))
    assert "猫" not in summarize(sentences, TakeSubject((SERUM,), ()), show)
