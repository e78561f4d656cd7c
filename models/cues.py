"""What a sentence does in the show, from the words hosts use: opens, previews, compares, closes, prices, links, ...

Weights, not rules: each cue says how many nats it adds where an explanation may begin or end, and how much the
mentions in its sentence count. The lists were written from the labelled scripts; none is taken from the shows that
quality is measured on.
"""

import re
from dataclasses import dataclass
from typing import Literal

from domain.session import Language

CueKind = Literal[
    "opening", "preview", "recap", "comparison", "closing", "giveaway", "price", "link", "demo", "coupon", "question"
]

_ZH: dict[CueKind, str] = {
    "opening": (
        "下一[个款双件瓶盒位]|下[面一]?[个款]?.{0,2}来|接下来|接着(?:往下|来|看)|往下走|我们(?:再|先|来)?看|"
        "给(?:大家|你们|家人们|姐妹们)(?:上|带|看|拿|介绍|讲)|先(?:上|讲|看|来)|今天(?:这|第一|要讲)|第[一二三四五六七八九十]个|"
        "再(?:来|上|看|讲)(?:一)?[个款]|换一?[个款]|新品|压轴|重头戏|终于|轮到|说[说一]?下?这[个款]|"
        "[一二三四五六七八九十]号.{0,4}(?:来|看|讲)|我(?:手上|手里|拿).{0,3}这|返场|再给大家"
    ),
    "preview": "一会儿?|等会|等一?下(?:讲|上|有|会|给)|待会|后面(?:还|会|有)|马上(?:要|就)|今天(?:主打|还有)|稍后|晚[点一]|预告|剧透|最后(?:会|再|还)",
    "recap": "刚刚|刚才|上一[个款]|前面(?:讲|说|那)|没(?:抢|拍)到的",
    "comparison": "比[^如较]{1,8}(?:好|贵|便宜|大|小|厚|薄|重|轻)|不像|不一样|区别|对比|平替|不要[拍买]|别[拍买]|不单独|今天不讲|跟.{1,8}比|别人家|而不是",
    "closing": "没了|卖完|抢完|抢光|售罄|先这样|过了啊|翻篇|讲完|[就先]到这|收[了工]|拍[完到]的|抢到的",
    "giveaway": "抽奖|福袋|红包|截[屏图]|口令|点(?:点)?赞|点.{0,3}关注|公屏|抽[一二三四五六七八九十\\d]+个|灯牌|免单",
    "price": "原价|到手|只要|吊牌|外面卖|专柜|(?:今天|直播间).{0,10}[块元]|[块元]钱|价格|减|折",
    "link": "三.{0,2}二.{0,2}一|上链接|上车|去拍|开[价拍抢]|[号个]链接|小黄车|拍[一两二三]?[个件份瓶盒]|库存|刷新",
    "demo": "你们?[看闻摸听]|试[一给用穿]|推开|演示|给你们?看|切开|上身|上脸|倒[出一]|打开|掰|看[这它]",
    "coupon": "[领用]券|优惠券|满减|立减|券",
    "question": "有(?:人|宝宝|姐妹|朋友|家人|兄弟)问|问(?:了|的|我)|能不能|可不可以|怎么[用吃穿选]|适合|多大|什么码|吗[？?]",
}

_EN: dict[CueKind, str] = {
    "opening": (
        r"\bnext (?:up|one|item|product|thing)|moving (?:on|along|right)|let'?s (?:move|talk|go|look|start|get|do|switch)|"
        r"\bso this (?:is|one)|here'?s (?:the|our|my|a)|this next|now,? (?:this|let|the|we|on)|\bfirst (?:up|one|thing)|"
        r"okay,? (?:so|now|next)|all right,? (?:so|now|next)|switching|bring(?:ing)? (?:back|out)|last (?:one|up|item)"
    ),
    "preview": r"coming up|later (?:on|we|today|tonight)|in a (?:minute|bit|few)|we'?ll get to|stick around|stay tuned|at the end",
    "recap": r"just (?:now|showed|talked)|earlier|as i said|we (?:just|already)|the last one|previous",
    "comparison": r"compared? (?:to|with)|unlike|versus|instead of|not the|the other one|different from|don'?t (?:get|buy|grab)",
    "closing": r"sold out|all gone|that'?s (?:it|all) (?:for|on)|anyway|wrap(?:ping)? up|going fast|last (?:few|call|chance)",
    "giveaway": r"giveaway|drop a|in the chat|follow|screenshot|tap the (?:heart|screen)|winner|hit (?:the )?(?:like|follow)",
    "price": r"retail|normally|usually|dollars?|bucks?|price|\boff\b|\bonly\b|percent|\$",
    "link": r"\blink|three,? two,? one|cart|tap|grab|add to|checkout|number \w+|item \w+|stock|left",
    "demo": r"let me show|watch (?:this|me|how)|look at|see (?:how|this|that)|feel|smell|try|open(?:ing)? (?:it|this)|squeeze",
    "coupon": r"coupon|code|discount|voucher",
    "question": r"asking|asked|someone|question|does (?:it|this)|can (?:i|you|we)|is (?:it|this)|\?",
}

_LISTS: dict[Language, dict[CueKind, str]] = {"zh": _ZH, "en": _EN}
CUES: dict[Language, dict[CueKind, re.Pattern[str]]] = {
    language: {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in lists.items()}
    for language, lists in _LISTS.items()
}

OPENING_NATS = {"opening": 2.2, "recap": -0.5, "preview": -0.8, "giveaway": -1.0, "question": -0.3, "closing": -0.3}
CLOSING_NATS = {"closing": 0.8, "link": 0.5}
MENTION_SHARE = {"preview": 0.25, "comparison": 0.5, "recap": 0.6}


@dataclass(frozen=True, slots=True)
class Cues:
    """What one sentence does. `opening`, `closing`: nats for a cut before it and after it; `mention_share` in (0, 1]."""

    kinds: frozenset[CueKind]
    opening: float
    closing: float
    mention_share: float


def cues_in(text: str, language: Language) -> Cues:
    """The cues of one sentence."""
    kinds = frozenset(kind for kind, pattern in CUES[language].items() if pattern.search(text))
    return Cues(
        kinds,
        sum(OPENING_NATS.get(kind, 0.0) for kind in kinds),
        sum(CLOSING_NATS.get(kind, 0.0) for kind in kinds),
        min((MENTION_SHARE[kind] for kind in kinds if kind in MENTION_SHARE), default=1.0),
    )
