"""Scripts are split into explanations and what lies between."""

import numpy as np

from fixtures.tiny_scripts import chinese_script
from learning.simulation.scripts.blocks import interleave_blocks, split_into_blocks, thin_block


def test_blocks_are_the_script_in_order() -> None:
    blocks = split_into_blocks(chinese_script())

    assert [block.about for block in blocks] == [(), ("a",), (), ("b",), ("c",), ()]
    assert tuple(each for block in blocks for each in block.utterances) == chinese_script().utterances


def test_short_chat_stays_inside_its_explanation() -> None:
    explanation = split_into_blocks(chinese_script())[1]

    assert [each.about for each in explanation.utterances] == [("a",), ("a",), ("a",), (), ("a",)]


def test_thinning_leaves_the_named_utterances_out() -> None:
    explanation = split_into_blocks(chinese_script())[1]

    left = thin_block(explanation, 0.0, ["寿眉饼"], np.random.default_rng(0))
    assert len(left.utterances) == len(explanation.utterances) - 1
    assert not any("寿眉饼" in each.text for each in left.utterances)


def test_something_always_stays() -> None:
    explanation = split_into_blocks(chinese_script())[1]

    assert len(thin_block(explanation, 1.0, [], np.random.default_rng(0)).utterances) == 1


def test_a_bundle_of_two_explanations_is_about_both() -> None:
    blocks = split_into_blocks(chinese_script())

    bundle = interleave_blocks(blocks[1], blocks[3], np.random.default_rng(0))
    assert bundle.about == ("a", "b")
    assert {each.about for each in bundle.utterances} == {("a", "b")}
    assert {each.text for each in bundle.utterances} < {
        each.text for block in (blocks[1], blocks[3]) for each in block.utterances
    }
