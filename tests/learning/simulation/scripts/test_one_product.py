"""A room of one product talks about that one, and chats."""

from dataclasses import replace

import numpy as np

from fixtures.tiny_scripts import aside, chinese_script
from learning.simulation.scripts.one_product import keep_one_product


def test_one_product_and_chat_are_left() -> None:
    script = chinese_script()
    room = keep_one_product(script, np.random.default_rng(0))
    (product,) = room.catalog
    asides = [each for each in script.utterances if not each.about and not each.mentions]
    assert {each.about for each in room.utterances} == {(product.product_id,), ()}
    assert [each for each in room.utterances if not each.about] == asides
    assert {id_ for each in room.utterances for id_ in each.product_ids} == {product.product_id}


def test_other_rooms_sell_other_products() -> None:
    rooms = [keep_one_product(chinese_script(), np.random.default_rng(seed)) for seed in range(12)]
    assert {room.catalog.products[0].product_id for room in rooms} == {"a", "b", "c"}


def test_a_script_without_explanations_stays() -> None:
    chat = replace(chinese_script(), utterances=(aside("今天只聊天，不卖东西。"),))
    assert keep_one_product(chat, np.random.default_rng(0)) is chat
