"""The catalogue: what is taken, and how what is not is refused. test_product_rows.py has what only CSV can do."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.catalog import Product
from domain.errors import CatalogError
from fixtures.call_count import count_calls
from pipeline.inputs.catalog import CatalogFile, read_catalog

FIXTURES = Path(__file__).parents[3] / "fixtures" / "shows"
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes catalog.json with the given products, changed by the keywords, and gives its path."""

    def catalog(*products: object, **head: object) -> Path:
        file = tmp_path / "catalog.json"
        file.write_text(json.dumps({"language": "zh", **head, "products": list(products)}))
        return file

    return catalog


def towel(**changes: object) -> dict[str, object]:
    return {"product_id": "730011", "title": "洁丽雅纯棉毛巾", **changes}


def as_written(tmp_path: Path, content: bytes, name: str = "catalog.json") -> Path:
    file = tmp_path / name
    file.write_bytes(content)
    return file


def only(file: Path) -> Product:
    (product,) = read_catalog(file, None).catalog
    return product


def refusal(file: Path) -> str:
    """The error's message with the file's folder taken off."""
    with pytest.raises(CatalogError) as refused:
        read_catalog(file, None)
    return str(refused.value).replace(f"{file.parent}/", "")


def test_a_chinese_catalogue_is_read_whole() -> None:
    read = read_catalog(FIXTURES / "zh-mini" / "catalog.json", None)
    essence = read.catalog.by_id["730013"]
    assert (read.stream_id, read.language, read.title, read.warnings) == ("zh-mini", "zh", "周末清仓小专场", ())
    assert len(read.catalog) == 6
    assert essence.short_name == "双抗精华"
    assert essence.attributes == {"规格": "30ml", "主要成分": "麦角硫因 虾青素"}
    assert (essence.price, essence.list_price, essence.currency) == (16990, 24900, "CNY")
    assert essence.aliases == ("双抗",)


def test_an_english_catalogue_has_prices_in_cents_of_a_dollar() -> None:
    fryer = read_catalog(FIXTURES / "en-mini" / "catalog.json", None).catalog.by_id["88101"]
    assert (fryer.price, fryer.currency) == (7999, "USD")


def test_a_given_language_goes_before_the_catalogues_own(write: Write) -> None:
    read = read_catalog(write(towel(price=1)), "en")
    assert (read.language, read.catalog.products[0].currency) == ("en", "USD")


@pytest.mark.parametrize("code", ["zh", "zh-CN", "zh-Hans", "ZH_cn"])
def test_codes_of_chinese_are_known(write: Write, code: str) -> None:
    assert read_catalog(write(towel(), language=code), None).language == "zh"


@pytest.mark.parametrize(
    ("code", "script"),
    [
        ("zh", None),
        ("zh-CN", "Hans"),
        ("zh-Hans-HK", "Hans"),
        ("zh-Hant", "Hant"),
        ("zh_TW", "Hant-TW"),
        ("zh-Hant-HK", "Hant-HK"),
        ("en", None),
    ],
)
def test_a_code_of_chinese_may_say_how_it_is_written(write: Write, code: str, script: str | None) -> None:
    assert read_catalog(write(towel(), language=code), None).writing_system == script


def test_an_unknown_language_is_refused(write: Write) -> None:
    assert refusal(write(towel(), language="fr")) == (
        'catalog.json: language: "fr" is not a language that kandian understands; '
        "write zh or en, or leave it out to have it heard"
    )


def test_a_price_in_words_is_refused_with_its_product_and_a_way_to_write_it(write: Write) -> None:
    assert refusal(write(towel(product_id="1"), towel(product_id="2"), towel(product_id="730013", price="abc"))) == (
        'catalog.json: product 3 (id 730013): price: "abc" is not a number; write it as 169.9'
    )


@pytest.mark.parametrize("price", ["39,90", "199-299", "面议"])
def test_a_price_that_could_be_two_is_refused_without_a_guess(write: Write, price: str) -> None:
    assert refusal(write(towel(price=price))).endswith(f'price: "{price}" is not a number; write it as 169.9')


def test_a_price_with_its_currency_sign_is_refused_with_the_bare_number(write: Write) -> None:
    assert refusal(write(towel(price="¥1,299.00起"))) == (
        'catalog.json: product 1 (id 730011): price: "¥1,299.00起" is not a number; write it as 1299.00'
    )


@pytest.mark.parametrize(
    ("written", "what"),
    [
        ("-1", "-1 is below 0"),
        ("NaN", "NaN is not a finite number"),
        ("Infinity", "Infinity is not a finite number"),
        ("1e400", "1E+400 is more than any price"),
        ("1e99999999999999999999", "Infinity is not a finite number"),
        ("true", "true is not a number"),
        ("[1]", "a list is not a number"),
        ("1.999", "1.999 is finer than the smallest CNY price step"),
    ],
)
def test_prices_that_are_none_are_refused(tmp_path: Path, written: str, what: str) -> None:
    content = '{"language":"zh","products":[{"product_id":"1","title":"毛巾","price":' + written + "}]}"
    assert refusal(as_written(tmp_path, content.encode())).startswith(
        f"catalog.json: product 1 (id 1): price: {what}; "
    )


@pytest.mark.parametrize(("price", "held"), [(169.90000000000001, 16990), ("39.90", 3990), (0, 0), (0.1 + 0.2, 30)])
def test_prices_are_held_exactly_in_minor_units(write: Write, price: object, held: int) -> None:
    assert only(write(towel(price=price))).price == held


def test_yen_have_no_hundredths_yet_are_held_in_hundredths_like_all(write: Write) -> None:
    assert only(write(towel(price=500, currency="JPY"))).price == 50000


def test_half_a_yen_is_refused(write: Write) -> None:
    assert "0.5 is finer than the smallest JPY price step; write it in steps of 1" in refusal(
        write(towel(price=0.5, currency="jpy"))
    )


def test_rmb_is_taken_as_cny_and_told(write: Write) -> None:
    read = read_catalog(write(towel(currency="RMB"), language="en"), None)
    assert read.catalog.products[0].currency == "CNY"
    assert read.warnings == ('catalog.json: currency "RMB" taken as CNY in 1 product',)


def test_a_currency_without_a_code_is_refused(write: Write) -> None:
    assert refusal(write(towel(currency="元"))) == (
        'catalog.json: product 1 (id 730011): currency: "元" is not a currency; write its ISO 4217 code, such as CNY'
    )


def test_prices_of_no_known_currency_are_told(write: Write) -> None:
    read = read_catalog(write(towel(price=1), language=None), None)
    assert read.warnings == ("catalog.json: neither a currency nor a language is given; prices are taken as CNY",)


def test_a_product_without_an_id_is_refused(write: Write) -> None:
    assert refusal(write(towel(), {"title": "毛巾"})) == (
        "catalog.json: product 2: product_id: is missing or empty; give every product a product_id"
    )


@pytest.mark.parametrize("title", ["", "  ", None, "\u200b"])
def test_a_product_without_a_title_is_refused(write: Write, title: object) -> None:
    assert refusal(write(towel(title=title))) == (
        "catalog.json: product 1 (id 730011): title: is missing or empty; give every product a title"
    )


def test_an_id_that_stands_twice_is_refused_with_both_places(write: Write) -> None:
    assert refusal(write(towel(), towel(product_id="2"), towel(product_id=" 730011 "))) == (
        "catalog.json: product 3 (id 730011): product_id: stands already at product 1; "
        "give each product an id of its own"
    )


def test_an_id_with_hidden_characters_is_refused(write: Write) -> None:
    assert "holds characters that cannot be seen" in refusal(write(towel(product_id="73\u200b0011")))


def test_an_id_written_as_a_number_is_taken_as_text_and_told(write: Write) -> None:
    read = read_catalog(write(towel(product_id=730011), towel(product_id=730012)), None)
    assert list(read.catalog.by_id) == ["730011", "730012"]
    assert read.warnings == ("catalog.json: product_id is a number, taken as text, in 2 products",)


def test_an_id_with_a_point_is_refused(write: Write) -> None:
    assert "product_id: 1.5 is not text" in refusal(write(towel(product_id=1.5)))


@pytest.mark.parametrize("number", [3, "3", 3.0, " 3 "])
def test_link_numbers_are_read_as_people_write_them(write: Write, number: object) -> None:
    assert only(write(towel(link_no=number))).link_no == 3


@pytest.mark.parametrize("number", ["三号", 2.5, True, -1, "9999999999", "²"])
def test_link_numbers_that_are_none_are_refused(write: Write, number: object) -> None:
    assert "product 1 (id 730011): link_no: " in refusal(write(towel(link_no=number)))


def test_link_number_zero_is_refused_by_the_domain(write: Write) -> None:
    assert refusal(write(towel(link_no=0))) == (
        "catalog.json: product 1 (id 730011): link_no counts from 1, not 0; mend this product"
    )


def test_a_link_number_of_two_products_is_told(write: Write) -> None:
    read = read_catalog(write(towel(link_no=3), towel(product_id="2", link_no=3)), None)
    assert read.warnings == ("catalog.json: link_no 3 is that of 2 products (730011, 2)",)


def test_unknown_keys_are_told_once_with_the_nearest_known_name(write: Write) -> None:
    products = [towel(product_id=str(i), prise=1, 颜色="红") for i in range(12)]
    read = read_catalog(write(*products, titel="小专场"), None)
    assert read.warnings == (
        'catalog.json: unknown key "titel" (did you mean "title"?)',
        'catalog.json: unknown key "prise" in 12 products (did you mean "price"?)',
        'catalog.json: unknown key "颜色" in 12 products',
    )


def test_a_flood_of_unknown_keys_does_not_flood_the_warnings(write: Write) -> None:
    read = read_catalog(write(towel(**{f"__{i}__": 1 for i in range(100)})), None)
    assert len(read.warnings) == 21
    assert read.warnings[-1] == "catalog.json: and 80 more remarks of the same kind"


def test_control_characters_in_names_are_taken_out_and_told(write: Write) -> None:
    read = read_catalog(
        write(towel(title="纯棉\n毛巾\u202e\x1b[31m", short_name="毛巾\ud800", aliases=["\u202e巾"])), None
    )
    assert (read.catalog.products[0].title, read.catalog.products[0].short_name) == ("纯棉 毛巾[31m", "毛巾")
    assert read.warnings == (
        "catalog.json: control characters taken out of title in 1 product",
        "catalog.json: control characters taken out of short_name in 1 product",
        "catalog.json: control characters taken out of aliases in 1 product",
    )


def test_emoji_joined_from_several_stay_whole(write: Write) -> None:
    assert only(write(towel(title="👩‍👧 亲子装"))).title == "👩‍👧 亲子装"


def test_attributes_may_be_numbers(write: Write) -> None:
    assert only(write(towel(attributes={"层数": 4, "克重": 1.5, "纯棉": True, "备注": None}))).attributes == {
        "层数": "4",
        "克重": "1.5",
        "纯棉": "true",
    }


@pytest.mark.parametrize(
    ("field", "value", "what"),
    [
        ("aliases", "毛巾", 'aliases: "毛巾" is not a list; write ["one", "two"]'),
        ("aliases", [{}], "aliases: an object is not text; write text in double quotes"),
        ("attributes", "红", 'attributes: "红" is not an object; write {"name": "value"}'),
        ("attributes", {"色": ["红"]}, "attributes.色: a list is not text; write text in double quotes"),
        ("brand", False, "brand: false is not text; write text in double quotes"),
    ],
)
def test_fields_of_the_wrong_kind_are_refused(write: Write, field: str, value: object, what: str) -> None:
    assert refusal(write(towel(**{field: value}))) == f"catalog.json: product 1 (id 730011): {what}"


def test_a_service_address_without_encryption_is_refused(write: Write) -> None:
    assert refusal(write(towel(service_url="http://shop.example/"))) == (
        "catalog.json: product 1 (id 730011): service_url must start with https://, not 'http://shop.example/'; "
        "mend this product"
    )


def test_several_problems_are_told_together(write: Write) -> None:
    assert refusal(write(towel(price="abc", link_no="x"), {"product_id": "2"})) == (
        "catalog.json: 3 problems:\n"
        '  product 1 (id 730011): link_no: "x" is not a link number; write a whole number from 1, such as 3\n'
        '  product 1 (id 730011): price: "abc" is not a number; write it as 169.9\n'
        "  product 2 (id 2): title: is missing or empty; give every product a title\n"
        "; mend them and run again"
    )


def test_of_many_problems_the_first_five_are_told(write: Write) -> None:
    message = refusal(write(*[towel(product_id=str(i), price="x") for i in range(1, 9)]))
    assert message.startswith("catalog.json: 8 problems, the first 5:\n")
    assert "product 5 (id 5)" in message
    assert "product 6" not in message


def test_a_catalogue_of_no_products_is_refused(write: Write) -> None:
    assert refusal(write()) == "catalog.json: products: the list is empty; list at least one product"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"products": [\n {"product_id" "1"}]}', "line 2, column 16: is not JSON (expecting ':' delimiter); mend it"),
        (b"", "catalog.json: is empty (0 bytes); write the file again, or take it away if it is not needed"),
        (b"  \n", "line 2, column 1: is not JSON (there is nothing but spaces)"),
        (b'["x"]', "catalog.json: is not a JSON object but a list; write"),
        (b'{"produts": []}', 'has no list of products (did you mean "products"?); write {"products"'),
        (b'{"products": [7]}', "catalog.json: product 1: is not an object but 7; write"),
        (b'{"products":[{"product_id":"1","title":"a","title":"b"}]}', 'key "title" of product "1" stands twice'),
        (b'{"a":' + b"1" * 5000 + b"}", "holds a number of thousands of digits"),
        (b"[" * 100_000, "catalog.json: is nested too deep; write it"),
        ('{"title": "毛巾"}'.encode("gb18030"), "line 1: is not UTF-8 (byte 13 is 0xBD; it looks like GBK); save the"),
        ('{"title": "毛巾"}'.encode("utf-16"), "is not UTF-8 (byte 0 is 0xFF; it looks like UTF-16); save the file as"),
        (b'{\n"title": "\xff"}', "catalog.json: line 2: is not UTF-8 (byte 12 is 0xFF); save the file as UTF-8"),
    ],
)
def test_files_that_are_no_catalogue_are_refused_with_the_place(tmp_path: Path, content: bytes, message: str) -> None:
    assert message in refusal(as_written(tmp_path, content))


def test_a_catalogue_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "catalog.json") == "catalog.json: is not there; check its name and place"


def test_a_file_that_would_fill_the_memory_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "catalog.json"
    with file.open("wb") as stream:
        stream.truncate(300 * 2**20)  # a hole: takes no disk
    assert refusal(file) == "catalog.json: is too large (300 MiB); at most 256 MiB can be read; split the show"


def test_the_work_of_reading_grows_with_the_products_and_no_faster(write: Write) -> None:
    def calls(count: int) -> int:
        file = write(*[towel(product_id=str(i), price=i / 10, prise=1, aliases=["毛巾"]) for i in range(count)])
        return count_calls(lambda: read_catalog(file, None))

    calls(1)  # modules are loaded
    calls_of_thousand = calls(1000)
    assert calls_of_thousand < 250_000  # 158 a product
    assert calls(2000) < 2.1 * calls_of_thousand


WORDS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), min_size=1, max_size=12)


@given(titles=st.lists(WORDS, min_size=1, max_size=5), fen=st.integers(0, 10**9))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
def test_json_and_csv_of_the_same_products_read_the_same(tmp_path: Path, titles: list[str], fen: int) -> None:
    price = f"{fen // 100}.{fen % 100:02}"
    products = [{"product_id": f"p{i}", "title": title, "price": price} for i, title in enumerate(titles)]
    rows = [["product_id", "title", "price"], *[list(product.values()) for product in products]]
    lines = "\r\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    in_json = as_written(tmp_path, json.dumps({"products": products}).encode())
    in_csv = as_written(tmp_path, lines.encode(), "catalog.csv")

    def products_of(read: CatalogFile) -> list[tuple[str, str, int | None]]:
        return [(product.product_id, product.title, product.price) for product in read.catalog]

    assert products_of(read_catalog(in_json, "zh")) == products_of(read_catalog(in_csv, "zh"))
    assert products_of(read_catalog(in_csv, "zh")) == [(f"p{i}", title, fen) for i, title in enumerate(titles)]
