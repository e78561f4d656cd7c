"""What is met by accident is worth less."""

from domain.catalog import Catalog, Product
from models.lexicon.aliases import Alias, catalog_aliases
from models.linking.false_alarm_rate import FalseAlarmModel, estimate_false_alarms, make_decoys
from models.linking.name_index import NameIndex
from models.text.phonetic_tokens import phonetic_tokens

NAMES = ("毯子", "棉睡袋", "双抗精华", "红宝石面霜", "白茶牙膏", "蓝牙音箱", "修容盘", "洗脸巾")
ALIASES = catalog_aliases(Catalog(tuple(Product(product_id=name, title=name, short_name=name) for name in NAMES)))


def background(*sentences: str) -> tuple[FalseAlarmModel, NameIndex]:
    tokenized = [phonetic_tokens(text) for text in sentences]
    index = NameIndex(ALIASES)
    return estimate_false_alarms(tokenized, ALIASES, [hit for tokens in tokenized for hit in index.find(tokens)]), index


def share(text: str, *others: str) -> float:
    there, index = background(text, *others)
    tokens = phonetic_tokens(text)
    (hit,) = index.find(tokens)
    return there.weight_share(hit, [token.code for token in tokens])


def test_sounds_that_are_said_all_the_time_meet_by_accident() -> None:
    chatter = ["谈三上字", "这个字谈三", "三个字一谈"] * 200
    assert share("谈字", *chatter) < 0.5 * share("谈字")


def test_a_name_that_is_written_right_is_no_accident_of_sounds() -> None:
    chatter = ["谈三上字", "这个字谈三", "三个字一谈"] * 200
    assert share("毯子", *chatter) > 0.9


def test_a_class_whose_decoys_are_met_loses_weight() -> None:
    decoys = ["".join(decoy.surfaces) for decoy in make_decoys(ALIASES) if len(decoy.codes) == 4]
    assert share("双抗精华", *decoys * 30) < share("双抗精华")


def test_a_short_show_keeps_the_weights_about_as_they_are() -> None:
    assert 0.9 < share("双抗精华") < 1.1


def test_decoys_hold_no_real_name() -> None:
    real = {alias.codes for alias in ALIASES}
    decoys = make_decoys(ALIASES)
    assert decoys
    for decoy in decoys:
        pieces = {decoy.codes[i:j] for i in range(len(decoy.codes)) for j in range(i + 1, len(decoy.codes) + 1)}
        assert not pieces & real


def test_decoys_are_made_of_names_of_about_their_length() -> None:
    lengths = {len(alias.codes) for alias in ALIASES}
    assert all(min(lengths) <= len(decoy.codes) <= max(lengths) for decoy in make_decoys(ALIASES))


def test_one_name_makes_no_decoy() -> None:
    assert make_decoys([Alias(("A", "B"), ("甲", "乙"), "name", ("1",))]) == ()
