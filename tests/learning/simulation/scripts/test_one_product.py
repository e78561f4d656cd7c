"""A room of one product pitches that one again and again, and chats between."""

from dataclasses import replace
from itertools import pairwise

import numpy as np

from fixtures.tiny_scripts import aside, chinese_script
from learning.simulation.scripts.one_product import MIN_BREAK_S, keep_one_product
from learning.simulation.scripts.script import ShowScript, Utterance
from learning.simulation.scripts.speech_timing import assign_speech_times, derive_ground_truth

LONG_CHAT = tuple(aside(f"第{n}位朋友说今天下雨，路上堵得很，等他回家吃完饭再慢慢看我们的直播。") for n in range(1, 41))


def with_chat(script: ShowScript, chat: tuple[Utterance, ...] = LONG_CHAT) -> ShowScript:
    return replace(script, utterances=(*script.utterances, *chat))


def pitches_of(room: ShowScript, seed: int = 0) -> list[float]:
    """The durations of the true explanations, in seconds."""
    utterances = assign_speech_times(room, np.random.default_rng(seed))
    truth = derive_ground_truth("room", utterances, utterances[-1].span.end, room.catalog.by_id)
    return [highlight.span.duration for highlight in truth.highlights]


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


def test_a_product_of_which_little_is_said_makes_no_room() -> None:
    script = chinese_script()
    more = [replace(each, text=each.text * 3) if each.about == ("a",) else each for each in script.utterances]
    rooms = [keep_one_product(replace(script, utterances=tuple(more)), np.random.default_rng(n)) for n in range(12)]
    assert {room.catalog.products[0].product_id for room in rooms} == {"a"}


def test_a_room_becomes_pitches_with_all_its_chat_between_them() -> None:
    room = keep_one_product(with_chat(chinese_script()), np.random.default_rng(1))
    assert 4 <= len(pitches_of(room)) <= 6
    chat = [each.text for each in with_chat(chinese_script()).utterances if not each.about and not each.mentions]
    assert [each.text for each in room.utterances if not each.about] == chat


def test_pitches_say_other_sentences_each_time_and_none_that_nobody_wrote() -> None:
    room = keep_one_product(with_chat(chinese_script()), np.random.default_rng(1))
    written = {
        each.text for each in chinese_script().utterances if each.about == (room.catalog.products[0].product_id,)
    }
    said = "".join("." if not each.about else f"{each.text}|" for each in room.utterances).split(".")
    pitches = [set(pitch.split("|")) - {""} for pitch in said if pitch]
    assert set.union(*pitches) == written
    assert all(earlier != later for earlier, later in pairwise(pitches))


def test_without_enough_chat_there_is_one_pitch_as_it_was_written() -> None:
    script = chinese_script()
    short = replace(script, utterances=tuple(each for each in script.utterances if each.about))
    room = keep_one_product(short, np.random.default_rng(0))
    assert [each.text for each in room.utterances] == [
        each.text for each in short.utterances if each.about == (room.catalog.products[0].product_id,)
    ]
    assert MIN_BREAK_S > 20  # shorter chat would end no pitch


def test_a_script_that_pitches_one_product_again_and_again_keeps_its_words() -> None:
    script = chinese_script()
    pitch = tuple(replace(each, text=each.text * 4) for each in script.utterances if each.about == ("a",))
    cycles = replace(script, utterances=(*LONG_CHAT[:8], *pitch, *LONG_CHAT[8:16], *pitch, *LONG_CHAT[16:24], *pitch))
    assert keep_one_product(cycles, np.random.default_rng(0)).utterances == cycles.utterances


def test_a_script_without_explanations_stays() -> None:
    chat = replace(chinese_script(), utterances=(aside("今天只聊天，不卖东西。"),))
    assert keep_one_product(chat, np.random.default_rng(0)) is chat
