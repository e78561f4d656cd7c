"""The table of docs/flow.md and docs/flow.svg are what the code wires, and the picture can be read."""

import json
import random
from collections.abc import Iterator
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from docs.flow_diagram.files import GLOSSARY, PAGE, PICTURE, flow_files, write_flow_files
from docs.flow_diagram.graph import Node, flow_nodes
from docs.flow_diagram.grid import FlowGrid
from docs.flow_diagram.layout import FlowLayout, Point, Rectangle
from docs.flow_diagram.routes import WIDTH, Track, track_numbers
from docs.flow_diagram.svg import FlowPicture, rounded_path
from docs.flow_diagram.table import BEGIN, END, cpu_of_page, cpu_of_report, flow_table, purpose, with_table
from docs.flow_diagram.terms import chinese_terms
from domain.errors import InvalidValue
from pipeline.engine.stage import stage_name, wiring_of
from pipeline.flow import STAGES, input_types

ROOT = Path(__file__).parents[2]
SVG = "{http://www.w3.org/2000/svg}"

Segment = tuple[Point, Point]


def text(file: Path) -> str:
    return (ROOT / file).read_text(encoding="utf-8")


def made_up_nodes(seed: int) -> tuple[Node, ...]:
    """A flow of 20 stages in three folders, each of which takes up to five artefacts made before."""
    chance = random.Random(seed)
    inputs = [Node(f"Input{number}", "input", chance.choice("abc"), f"Input{number}") for number in range(5)]
    nodes, artefacts = list(inputs), [node.gives for node in inputs]
    for number in range(20):
        takes = tuple(sorted(chance.sample(artefacts, chance.randint(0, 5))))
        lane = "abc"[min(2, number // 6)] if number % 3 else "abc"[number // 7]
        nodes.append(Node(f"Stage{number}", "stage", lane, f"Artefact{number}", takes, chance.random() < 0.2))
        artefacts.append(f"Artefact{number}")
    return (*nodes, Node("Artefact19", "result", "c", "Artefact19", ("Artefact19",)))


FLOWS = [flow_nodes(), tuple(node for node in flow_nodes() if node.kind != "input"), *map(made_up_nodes, range(30))]


def overlaps(one: Rectangle, other: Rectangle) -> bool:
    return one.x < other.right and other.x < one.right and one.y < other.bottom and other.y < one.bottom


def segments(corners: tuple[Point, ...]) -> Iterator[Segment]:
    """The stretches of an arrow, each from its left or upper end."""
    yield from ((min(start, end), max(start, end)) for start, end in pairwise(corners) if start != end)


def crosses(segment: Segment, box: Rectangle) -> bool:
    """Whether a segment has points inside a box; its border does not count."""
    (left, top), (right, bottom) = segment
    return left < box.right and box.x < right and top < box.bottom and box.y < bottom


def lie_on_each_other(one: Segment, other: Segment) -> bool:
    """Whether two upright or two level segments share more than a point."""
    for along, across in ((0, 1), (1, 0)):
        if len({one[0][across], one[1][across], other[0][across], other[1][across]}) == 1:
            return max(one[0][along], other[0][along]) < min(one[1][along], other[1][along])
    return False


def test_the_table_and_the_picture_in_docs_are_current() -> None:
    files = flow_files(text(PAGE), text(GLOSSARY))

    assert [file for file, made in files.items() if made != text(file)] == [], "call `make docs`"


def test_the_picture_shows_every_edge_of_the_wiring_as_an_arrow_or_as_a_badge_at_both_ends() -> None:
    picture = ElementTree.fromstring(FlowPicture(FlowGrid(flow_nodes()), {}).text())
    groups = {
        name: group for group in picture.iter(f"{SVG}g") for kind, name in group.attrib.items() if kind == "data-stage"
    }
    given = {kind.__name__: [stage for stage in STAGES if wiring_of(stage).output_type == kind] for kind in artefacts()}
    arrows = {(group.get("data-from"), group.get("data-to")) for group in picture.iter(f"{SVG}g")}
    codes = FlowGrid(flow_nodes()).codes

    missing = [
        (maker, taker.__name__)
        for taker in STAGES
        for kind in wiring_of(taker).required_types
        for maker in [stage.__name__ for stage in given[kind.__name__]] or [kind.__name__]
        if (maker, taker.__name__) not in arrows and codes.get(kind.__name__) not in words(groups[taker.__name__])
    ]
    assert missing == []


def artefacts() -> set[type]:
    return {kind for stage in STAGES for kind in (wiring_of(stage).output_type, *wiring_of(stage).required_types)}


def words(group: ElementTree.Element) -> set[str]:
    return {"".join(element.itertext()) for element in group.iter(f"{SVG}text")}


def test_a_badge_stands_where_an_artefact_comes_from_and_no_two_artefacts_have_the_same() -> None:
    grid = FlowGrid(flow_nodes())
    picture = ElementTree.fromstring(FlowPicture(grid, {}).text())
    groups = {
        name: words(group)
        for group in picture.iter(f"{SVG}g")
        for kind, name in group.attrib.items()
        if kind in ("data-stage", "data-input")
    }

    assert len(set(grid.codes.values())) == len(grid.codes)
    assert [edge for edge in grid.badges if grid.codes[edge.maker.gives] not in groups[edge.maker.name]] == []


def test_what_only_sessions_with_captions_or_without_have_is_dashed() -> None:
    dashed = {node.name for node in flow_nodes() if node.is_optional}

    assert {"Captions", "ImportCaptions", "Transcribe", "ExtractSpeechAudio"} <= dashed
    assert not {"Recording", "Catalog", "Probe", "WriteIndex"} & dashed


def test_every_input_that_a_stage_takes_has_a_box() -> None:
    taken = {kind for stage in STAGES for kind in wiring_of(stage).required_types}

    assert {node.name for node in flow_nodes() if node.kind == "input"} == {
        kind.__name__ for kind in input_types(has_captions=True) if kind in taken
    }


@pytest.mark.parametrize("nodes", FLOWS)
def test_every_edge_of_a_flow_is_an_arrow_or_a_badge(nodes: tuple[Node, ...]) -> None:
    grid = FlowGrid(nodes)
    expected = {(m.name, t.name) for m in nodes for t in nodes if m.gives in t.takes and m.kind != "result"}

    assert {(edge.maker.name, edge.taker.name) for edge in (*grid.arrows, *grid.badges)} == expected
    assert not set(grid.arrows) & set(grid.badges)


@pytest.mark.parametrize("nodes", FLOWS)
def test_boxes_do_not_overlap_and_lie_inside_the_picture(nodes: tuple[Node, ...]) -> None:
    layout = FlowLayout(FlowGrid(nodes))
    areas = [*layout.boxes.values(), layout.legend]

    assert [pair for pair in combinations(areas, 2) if overlaps(*pair)] == []
    assert all(box.x >= 0 and box.right <= WIDTH and box.y >= 0 and box.bottom <= layout.height for box in areas)


@pytest.mark.parametrize("nodes", FLOWS)
def test_no_arrow_crosses_a_box(nodes: tuple[Node, ...]) -> None:
    layout = FlowLayout(FlowGrid(nodes))

    assert [
        (edge.maker.name, edge.taker.name, name)
        for edge, corners in layout.arrows.items()
        for segment in segments(corners)
        for name, box in layout.boxes.items()
        if crosses(segment, box)
    ] == []


@pytest.mark.parametrize("nodes", FLOWS)
def test_arrows_of_two_makers_do_not_lie_on_each_other(nodes: tuple[Node, ...]) -> None:
    arrows = FlowLayout(FlowGrid(nodes)).arrows

    assert [
        (one.maker.name, one.taker.name, other.maker.name, other.taker.name)
        for one, other in combinations(arrows, 2)
        if one.maker != other.maker
        and any(lie_on_each_other(a, b) for a in segments(arrows[one]) for b in segments(arrows[other]))
    ] == []


def test_the_same_flow_gives_the_same_files() -> None:
    assert flow_files(text(PAGE), text(GLOSSARY)) == flow_files(text(PAGE), text(GLOSSARY))


def test_every_stage_says_in_one_sentence_what_it_does() -> None:
    assert [stage.__name__ for stage in STAGES if not 10 <= len(purpose(stage)) <= 160] == []


def test_cpu_seconds_stay_as_the_page_has_them_unless_a_report_has_new_ones() -> None:
    first, second = STAGES[:2]
    page = f"{BEGIN}\n{flow_table({file_of(first): '1.5', file_of(second): '2.5'})}\n{END}\n"
    report = json.dumps({"stages": [{"stage": stage_name(first()), "cpu_seconds": 7.26}]})

    assert cpu_of_page(page)[file_of(first)] == "1.5"
    again = flow_files(page, "", report)[PAGE]
    assert {file_of(first): "7.3", file_of(second): "2.5"}.items() <= cpu_of_page(again).items()
    assert cpu_of_report('{"stages": []}') == {}


def file_of(stage: type) -> str:
    return stage.__module__.replace(".", "/") + ".py"


def test_only_what_is_between_the_markers_of_the_page_changes() -> None:
    assert with_table(f"before\n{BEGIN}\nold\n{END}\nafter", "new") == f"before\n{BEGIN}\n\nnew\n\n{END}\nafter"
    with pytest.raises(InvalidValue, match="lacks"):
        with_table("no markers", "new")


def test_both_files_are_written_into_a_checkout(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / PAGE).write_text(f"{BEGIN}{END}", encoding="utf-8")
    (tmp_path / GLOSSARY).write_text("", encoding="utf-8")

    write_flow_files(tmp_path)

    assert "[Probe](" in (tmp_path / PAGE).read_text(encoding="utf-8")
    assert ElementTree.parse(tmp_path / PICTURE).getroot().tag == f"{SVG}svg"


def test_a_class_named_after_a_term_of_the_glossary_gets_its_chinese_term() -> None:
    glossary = """
| English | 中文 | what it is | classes |
| --- | --- | --- | --- |
| catalogue | 货盘 | the products | `Catalog` |
| event, event log | 直播间事件，事件日志 | what was logged | `HostEvent`, `EventLog` |
| rewording | 改写 | better words | `RewordedHighlights`, `ModelAnswer` |
| wall clock | 墙上时钟 | the time of day | `StartTime` |
"""
    assert chinese_terms(glossary) == {
        "Catalog": "货盘",
        "HostEvent": "直播间事件",
        "EventLog": "事件日志",
        "RewordedHighlights": "改写",
    }


def test_tracks_that_meet_get_numbers_of_their_own() -> None:
    tracks = [Track("a", 0, 10), Track("b", 5, 20), Track("c", 11, 15), Track("a", 2, 4)]

    assert track_numbers(tracks, 0.0) == {"a": 0, "b": 1, "c": 0}


def test_paths_are_rounded_at_their_corners() -> None:
    assert rounded_path([(0, 0), (0, 20), (20, 20)]) == "M0,0 L0,14 Q0,20 6,20 L20,20"
