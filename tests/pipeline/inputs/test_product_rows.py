"""catalog.csv: rows with their line, as spreadsheets write them."""

from pathlib import Path

import pytest

from domain.errors import CatalogError
from pipeline.inputs.catalog import read_catalog


def as_written(tmp_path: Path, content: bytes) -> Path:
    file = tmp_path / "catalog.csv"
    file.write_bytes(content)
    return file


def refusal(file: Path) -> str:
    """The error's message with the file's folder taken off."""
    with pytest.raises(CatalogError) as refused:
        read_catalog(file, None)
    return str(refused.value).replace(f"{file.parent}/", "")


CSV = """product_id,link_no,title,price,attributes,aliases,颜色
730011,1,"纯棉毛巾,四条",39.90,规格=四条；材质=纯棉,毛巾|洗脸巾;面巾,红
730012,,"牛奶
巧克力",49,"{""净含量"": 224}",,

730013,3,双抗精华,,,双抗,
"""


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_is_read_as_spreadsheets_write_it(tmp_path: Path, mark: bytes, end: str) -> None:
    read = read_catalog(as_written(tmp_path, mark + CSV.replace("\n", end).encode()), "zh")
    towel, chocolate, essence = read.catalog
    assert towel.attributes == {"规格": "四条", "材质": "纯棉"}
    assert (towel.title, towel.price, towel.link_no) == ("纯棉毛巾,四条", 3990, 1)
    assert towel.aliases == ("毛巾", "洗脸巾", "面巾")
    assert (chocolate.title, chocolate.attributes, chocolate.link_no) == ("牛奶 巧克力", {"净含量": "224"}, None)
    assert (essence.price, essence.aliases) == (None, ("双抗",))
    assert read.warnings == (
        'catalog.csv: unknown column "颜色"',
        "catalog.csv: control characters taken out of title in 1 product",
    )


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            'product_id,title,price\n1,a,1\n2,"b\nb",1\n730013,c,abc\n',
            'catalog.csv: line 5 (id 730013): price: "abc" is not a number; write it as 169.9',
        ),
        (
            "product_id,title\n1,a\n1,b\n",
            "catalog.csv: line 3 (id 1): product_id: stands already at line 2; give each product an id of its own",
        ),
        (
            "product_id;title\n1;a\n",
            'catalog.csv: line 1: the columns product_id and title are not both there (found: "product_id;title"); '
            "name the columns in the first line, with commas between them",
        ),
        (
            "product_id,title,title\n1,a,b\n",
            'catalog.csv: line 1: column "title" stands twice; keep one of them',
        ),
        (
            "product_id,title\n1,a,b\n",
            "catalog.csv: line 2: has 3 cells for 2 columns; put quotes around cells that hold commas",
        ),
        (
            'product_id,title\n1,"a\n',
            "catalog.csv: line 2: is not CSV (unexpected end of data); put quotes around cells with commas or quotes",
        ),
        (
            "product_id,title,attributes\n1,a,红色\n",
            'catalog.csv: line 2 (id 1): attributes: "红色" has no "="; write k=v;k=v',
        ),
        (
            "product_id,title,attributes\n1,a,{红\n",
            'catalog.csv: line 2 (id 1): attributes: "{红" is not JSON; write k=v;k=v',
        ),
        ("product_id,title\n", "catalog.csv: products: the list is empty; list at least one product"),
    ],
)
def test_csv_mistakes_are_refused_with_their_line(tmp_path: Path, rows: str, message: str) -> None:
    assert refusal(as_written(tmp_path, rows.encode())) == message


def test_csv_gives_unknown_columns_with_the_nearest_known_name(tmp_path: Path) -> None:
    read = read_catalog(as_written(tmp_path, b"product_id,title,prise\n1,a,2\n2,b,3\n"), "en")
    assert read.warnings == ('catalog.csv: unknown column "prise" (did you mean "price"?)',)
