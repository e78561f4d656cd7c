import pytest

from models.text.normalization import normalize_text


def test_traditional_characters_become_simplified() -> None:
    assert normalize_text("雙抗精華,三號連結,上鏈接!", "zh") == "双抗精华,三号连结,上链接!"


def test_wide_digits_and_marks_become_narrow() -> None:
    assert normalize_text("１６９．９，上！", "zh") == "169.9,上!"


@pytest.mark.parametrize("text", ["５㎏装…", "½价", "珀莱雅PROYA雙抗", "㍿ﷺ", "𠮷野家", "乾隆 乾淨 頭髮 發貨"])
def test_every_character_stays_one_character(text: str) -> None:
    assert len(normalize_text(text, "zh")) == len(text)


def test_english_keeps_its_letters() -> None:
    assert normalize_text("Link number 3, café!", "en") == "Link number 3, café!"


def test_simplified_text_stays_as_it_is() -> None:
    text = "最近是不是老熬夜,脸色发暗发黄,粉底都盖不住?"
    assert normalize_text(text, "zh") == text
