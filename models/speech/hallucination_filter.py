"""Which decoded text to doubt: Whisper goes on talking over music, gets stuck in loops, and quotes its training.

The limits are those of its authors where they gave one; batched decoding applies none of them itself.
"""

import re
import zlib
from collections.abc import Collection
from enum import Enum

from domain.session import Language
from models.speech.recognizer import Heard

TOKEN_CAP = 224  # CTranslate2 stops there: half of Whisper's 448
NEAR_TOKEN_CAP = 215  # an end so near the cap is no end of a sentence
HIGHEST_COMPRESSION = 2.4  # Whisper's own limit; Mandarin talk and chants reach 1.6, loops 13 and more
LOWEST_LOGPROB = -1.0  # Whisper's own limit
LOWEST_LOGPROB_IN_SILENCE = -0.7
HIGHEST_NO_SPEECH = 0.6  # Whisper's own limit
FASTEST_PER_S: dict[Language, float] = {"zh": 9.0, "en": 27.0}  # characters, letters; the fastest hosts speak 8 and 22
LONGEST_LOOP_UNIT = 12
MOST_REPEATS = 2  # of 4 characters and more, without a break
MOST_REPEATS_OF_A_WORD = 5  # of 2 or 3 characters: hosts do shout 四号四号四号
MOST_CHANTS = 8
FEWEST_CHARACTERS_OF_TALK = 12  # boilerplate is longer than what it leaves of its own sentence

CHANT = re.compile(
    r"(?:三二一|3,?2,?1|上链接|上车|开始|准备|倒计时|倒数|欢迎|谢谢|抢|拍|冲|走|来|好|对|gogo|go|let'?sgo|,|\s)+", re.I
)
"""What hosts shout again and again."""

BOILERPLATE = re.compile(
    r"字幕(?:由|志愿者|组|提供|by)|(?:中文|感谢).{0,6}字幕|(?:the )?amara\.?org(?: community)?|明镜.{0,4}点点|"
    r"请不吝点赞|打赏支持|以下是普通话的(?:直播|句子)|使用简体中文|"
    r"(?:subtitles|captions|subs|transcri\w+|translat\w+) (?:\w+ )?by|"
    r"优优独播剧场|yoyotelevisionseries|(?:作词|作曲|编曲|词曲|演唱)\s*[:：]|本(?:视频|字幕|节目)由|"
    r"(?:copyright \W*\d* ?\W*)?all rights reserved|https?://|www\.\w+",
    re.I,
)
"""What no host says: credits of the films Whisper was trained on, and the prompt it is given."""

FAREWELL = re.compile(
    r"(?:谢谢|感谢)(?:大家)?(?:的)?(?:观看|收看|收听)|(?:thanks?|thankyou)(?:you)?(?:somuch)?forwatching|"
    r"(?:请)?订阅.{0,6}频道|pleasesubscribe|byebye|bye|you",
    re.I,
)
"""What hosts may say, but what Whisper says to music: doubtful when it is all there is."""

NOT_SPOKEN = re.compile(r"[\W_]+")


class Fault(Enum):
    """Why a text is doubted."""

    CAPPED = "cut off at the most tokens a decoder writes"
    REPEATS = "compresses too well"
    LOOP = "a short text again and again"
    UNSURE = "words of low probability"
    NO_SPEECH = "probably no speech"
    TOO_FAST = "more characters than anybody says in the time"
    BOILERPLATE = "a text that no host says"


def faults(heard: Heard, language: Language) -> frozenset[Fault]:
    """What is wrong with `heard`; nothing when it may count."""
    spoken = NOT_SPOKEN.sub("", heard.text)
    found = {
        Fault.CAPPED: heard.tokens >= NEAR_TOKEN_CAP,
        Fault.REPEATS: compression_of(heard.text) > HIGHEST_COMPRESSION and not CHANT.fullmatch(spoken),
        Fault.LOOP: has_loop(spoken),
        Fault.UNSURE: bool(spoken) and heard.mean_logprob < LOWEST_LOGPROB,
        Fault.NO_SPEECH: _is_silence(heard),
        Fault.TOO_FAST: len(spoken) > 4 + FASTEST_PER_S[language] * heard.chunk.speech,
        Fault.BOILERPLATE: bool(BOILERPLATE.search(heard.text)) or bool(FAREWELL.fullmatch(spoken)),
    }
    return frozenset(fault for fault, is_there in found.items() if is_there)


def compression_of(text: str) -> float:
    """Bytes of UTF-8 over bytes when compressed: Whisper's measure of repetition."""
    raw = text.encode()
    return len(raw) / len(zlib.compress(raw))


def has_loop(spoken: str) -> bool:
    """Whether a unit of 1 to 12 characters comes again and again without a break. Chants of hosts may, for a while."""
    return any(
        len(match[0]) // size > _most_repeats(match[1])
        for size in range(1, LONGEST_LOOP_UNIT + 1)
        for match in re.finditer(rf"(.{{{size}}})\1{{{MOST_REPEATS},}}", spoken)
    )


def _most_repeats(unit: str) -> int:
    if len(set(unit)) == 1 or CHANT.fullmatch(unit):
        return MOST_CHANTS
    return MOST_REPEATS if len(unit) > 3 else MOST_REPEATS_OF_A_WORD


def is_nothing(heard: Heard, found: Collection[Fault]) -> bool:
    """Whether a doubted text is no speech at all: said to silence, or boilerplate with next to nothing around it."""
    if Fault.NO_SPEECH in found:
        return True
    rest = NOT_SPOKEN.sub("", BOILERPLATE.sub("", heard.text))
    is_farewell = bool(FAREWELL.fullmatch(rest))
    return Fault.BOILERPLATE in found and (is_farewell or len(rest) < FEWEST_CHARACTERS_OF_TALK)


def _is_silence(heard: Heard) -> bool:
    return heard.no_speech_chance > HIGHEST_NO_SPEECH and heard.mean_logprob < LOWEST_LOGPROB_IN_SILENCE
