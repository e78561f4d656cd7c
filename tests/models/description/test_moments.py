"""Points inside a take that people jump to."""

from collections.abc import Mapping

import numpy as np
import pytest

from domain.catalog import Product
from domain.clock import Seconds, Span
from domain.evidence import DISCOURSE_ROLES, DiscourseClassification, DiscourseRole, Mention, MentionKind
from domain.highlight import Moment, MomentKind
from domain.session import Language
from domain.speech import Sentence
from models.description.moments import MAX_MOMENTS, MAX_QUOTE_COLUMNS, find_moments
from models.description.sentence_roles import role_classifier
from models.description.summary import TakeSubject, build_show_context
from models.text.typography import display_width

SERUM = Product(
    product_id="1", title="双抗精华液", short_name="双抗精华", link_no=3, price=16990, list_price=24900, currency="CNY"
)
STICK = Product(product_id="1", title="Sunscreen stick", link_no=8, price=1399, list_price=2000, currency="USD")


def sentences_at(*timed: tuple[Seconds, str]) -> dict[int, Sentence]:
    return {n: Sentence.with_even_timing(Span(start, start + 3), text) for n, (start, text) in enumerate(timed)}


def mention(kind: MentionKind, text: str, sentence: int) -> Mention:
    return Mention(kind, ("1",), Span(0, 1), sentence, text, 3.0)


def moments(
    sentences: dict[int, Sentence],
    language: Language = "zh",
    mentions: tuple[Mention, ...] = (),
    others: tuple[Mention, ...] = (),
    roles: Mapping[int, DiscourseRole] = {},
) -> tuple[Moment, ...]:
    subject = TakeSubject((SERUM if language == "zh" else STICK,), mentions, others)
    role_of = role_classifier(talk(sentences, roles), language)
    return find_moments(sentences, subject, build_show_context([*sentences.values()], language, role_of))


def talk(sentences: Mapping[int, Sentence], roles: Mapping[int, DiscourseRole]) -> DiscourseClassification:
    """Every sentence a unit of its own, of the role in `roles` by a chance of .4, or of a feature."""
    chances = np.full((len(sentences), len(DISCOURSE_ROLES)), 0.05)
    for number, row in enumerate(chances):
        row[DISCOURSE_ROLES.index(roles.get(number, "feature"))] = 0.4
    nothing = np.zeros(len(sentences))
    return DiscourseClassification(
        chances, nothing, nothing, np.array([sentence.start for sentence in sentences.values()])
    )


def of_kind(kind: MomentKind, *moments_found: Moment) -> list[tuple[Seconds, str]]:
    return [(moment.at, moment.quote) for moment in moments_found if moment.kind == kind]


def test_the_price_is_the_reveal_and_not_the_dear_price_before_it() -> None:
    sentences = sentences_at(
        (10, "旗舰店原价两百四十九"), (20, "你们猜今天多少"), (30, "今天到手一百六十九块九"), (40, "省了八十块钱")
    )
    assert of_kind("price", *moments(sentences)) == [(30, "今天到手一百六十九块九。")]


def test_a_price_that_is_nearly_said_is_the_reveal_too() -> None:
    sentences = sentences_at((10, "外面两百四十九"), (30, "今天一百七不到带走"), (40, "省了八十块钱"))
    assert of_kind("price", *moments(sentences)) == [(30, "今天一百七不到带走。")]


def test_without_any_number_there_is_no_price() -> None:
    assert of_kind("price", *moments(sentences_at((10, "价格真的很划算")))) == []


def test_an_english_price_heard_without_its_point_is_the_reveal() -> None:
    sentences = sentences_at((10, "It's 20 at the drugstore."), (15, "Tonight it's 1399, that's it."))
    assert [at for at, _ in of_kind("price", *moments(sentences, "en"))] == [15]


def test_the_link_is_where_its_number_is_called() -> None:
    sentences = sentences_at((5, "这个在小黄车里"), (10, "双抗精华水水的"), (20, "三号链接，三二一，去拍"))
    assert of_kind("link", *moments(sentences, mentions=(mention("link", "三号链接", 2),))) == [
        (20, "三号链接，三二一，去拍。")
    ]


def test_another_products_link_is_no_link_of_this_take() -> None:
    sentences = sentences_at((10, "五号链接是另外一个"))
    other = Mention("link", ("2",), Span(10, 11), 0, "五号链接", 3.0)
    assert of_kind("link", *moments(sentences, others=(other,))) == []


def test_demonstrations_are_entered_where_most_is_shown() -> None:
    sentences = sentences_at(
        (0, "我给你们推开看"), (4, "你看，水水的"), (8, "你们闻一下"), (60, "再给你们看一下"), (64, "打开你看")
    )
    demo_roles: dict[int, DiscourseRole] = dict.fromkeys(range(5), "demo")
    assert [at for at, _ in of_kind("demo", *moments(sentences, roles=demo_roles))] == [0, 60]


def test_viewers_questions_are_given_and_the_hosts_own_are_not() -> None:
    sentences = sentences_at(
        (0, "看到没有，是不是水水的，对不对"),
        (20, "有姐妹问敏感肌能不能用"),
        (40, "你们知道吗"),
        (60, "油皮问可不可以早上用"),
    )
    asked: dict[int, DiscourseRole] = dict.fromkeys(range(4), "qa")
    assert [at for at, _ in of_kind("question", *moments(sentences, roles=asked))] == [20, 60]


def test_no_kind_has_more_than_its_share() -> None:
    sentences = sentences_at(*((20.0 * n, f"有姐妹问第{n}个问题能不能用") for n in range(12)))
    asked: dict[int, DiscourseRole] = dict.fromkeys(range(12), "qa")
    assert len(of_kind("question", *moments(sentences, roles=asked))) == MAX_MOMENTS["question"] == 3


def test_a_coupon_with_money_in_it_is_the_better_one() -> None:
    sentences = sentences_at((0, "先去领券"), (20, "领一张二十块的优惠券"))
    assert [at for at, _ in of_kind("coupon", *moments(sentences))] == [20]


def test_moments_are_in_order_of_time() -> None:
    sentences = sentences_at((0, "三二一上链接"), (10, "有姐妹问敏感肌能不能用"), (20, "今天一百六十九块九"))
    roles: dict[int, DiscourseRole] = {0: "link", 1: "qa", 2: "price"}
    assert [moment.at for moment in moments(sentences, roles=roles)] == [0, 10, 20]


def test_a_demonstration_is_known_without_any_phrase_where_much_is_shown() -> None:
    sentences = sentences_at((0, "里面是虾青素"), (4, "一抹就化开"), (8, "水水的"))
    demo_roles: dict[int, DiscourseRole] = dict.fromkeys((1, 2), "demo")
    assert [at for at, _ in of_kind("demo", *moments(sentences, roles=demo_roles))] == [4]


def test_a_phrase_in_a_unit_that_does_something_else_makes_no_question() -> None:
    assert of_kind("question", *moments(sentences_at((0, "有姐妹问敏感肌能不能用")), roles={0: "chat"})) == []


def test_what_was_hardly_heard_makes_no_moment() -> None:
    unsure = {0: Sentence.with_even_timing(Span(0, 3), "今天一百六十九块九", is_reliable=False)}
    assert moments(unsure) == ()


@pytest.mark.parametrize("text", ["今天一百六十九块九" + "真的" * 200, "今天一百六十九块九。" * 30])
def test_a_quote_is_short(text: str) -> None:
    ((_, quote),) = of_kind("price", *moments(sentences_at((0, text))))
    assert display_width(quote) <= MAX_QUOTE_COLUMNS


def test_a_quote_spells_names_as_the_catalogue_does() -> None:
    sentences = sentences_at((0, "霜抗精华今天一百六十九块九"))
    assert of_kind("price", *moments(sentences, mentions=(mention("name", "霜抗精华", 0),))) == [
        (0, "双抗精华今天一百六十九块九。")
    ]


def test_a_bare_price_brings_what_is_said_next() -> None:
    sentences = sentences_at((3.5, "169.9块。"), (7, "送两片面膜。"))
    assert of_kind("price", *moments(sentences)) == [(3.5, "169.9块。送两片面膜。")]


def test_a_bare_price_brings_what_stands_before_it_in_its_sentence() -> None:
    sentences = sentences_at((0, "今天给到你们直播间的姐妹,"), (3.5, "169.9。"))
    assert of_kind("price", *moments(sentences)) == [(0, "今天给到你们直播间的姐妹，169.9。")]


def test_the_price_of_something_else_is_no_price_of_this() -> None:
    assert of_kind("price", *moments(sentences_at((0, "今天到手九块九")), roles={0: "price"})) == []
    assert of_kind("price", *moments(sentences_at((0, "领完券到手一百五十块")), roles={0: "price"})) == [
        (0, "领完券到手一百五十块。")
    ]


def question_texts(language: Language, *texts: str) -> list[str]:
    sentences = sentences_at(*((4.0 * n, text) for n, text in enumerate(texts)))
    asked: dict[int, DiscourseRole] = dict.fromkeys(sentences, "qa")
    return [quote for _, quote in of_kind("question", *moments(sentences, language, roles=asked))]


@pytest.mark.parametrize(
    ("question", "following"),
    [
        ("你们说这个料子好不好，对不对", "我们接着往下看"),
        ("这样洗你们能不能明白我的意思", "所以我们选料子"),
        ("夏天穿这个会不会觉得很热呢", "我们家的料子啊"),
        ("我讲到这里大家都听懂了吗", "好，我们看第二个"),
        ("你们家里是不是都有这种袋子", "拿来装什么呢"),
        ("不会有人问你这件哪里买的", "因为太普通了"),
        ("这么软的毛巾你不想给自己换一条吗", "一共四个颜色"),
        ("洗了掉毛有问题问我，我赔你", "接着看枕巾"),
        ("别来问我为什么卖得这么便宜", "我自己也心疼"),
    ],
)
def test_a_question_of_a_host_who_goes_on_at_once_is_no_moment(question: str, following: str) -> None:
    assert question_texts("zh", question, following) == []


@pytest.mark.parametrize(
    ("question", "following"),
    [
        ("It's the softest one we make, right?", "So let's look at the back."),
        ("I asked the maker for the green one.", "They sent me two."),
        ("It goes with everything, you know?", "And the pockets are deep."),
        ("Can you believe how light this is?", "I carried it all day."),
        ("Would you wear this to the office on a Monday?", "Now look at the lining."),
    ],
)
def test_an_english_question_of_a_host_who_goes_on_is_no_moment(question: str, following: str) -> None:
    assert question_texts("en", question, following) == []


@pytest.mark.parametrize(
    ("language", "question", "following"),
    [
        ("zh", "公屏上有人问是不是真皮的", "我们来看"),
        ("zh", "敏感肌的人能不能用这一款", "能用，里面没有酒精"),
        ("zh", "一米六一百一十斤穿什么码", "穿M码"),
        ("en", "Jenny's asking if it runs small.", "Let me check the tag."),
        ("en", "Does it come in any other colours?", "It comes in navy and in sand."),
    ],
)
def test_a_question_that_is_read_out_or_answered_is_a_moment(language: Language, question: str, following: str) -> None:
    assert len(question_texts(language, question, following)) == 1


def test_a_barcode_is_no_coupon() -> None:
    sentences = sentences_at((0, "You just scan the barcode on the back for 20 dollars."))
    assert of_kind("coupon", *moments(sentences, "en")) == []
