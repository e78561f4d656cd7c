"""What a number is said of: money, money off, a count or a measure, or nothing that tells."""

import re
from typing import Literal

from models.numbers.spoken_numbers import SpokenNumber

NumberRole = Literal["money", "cued", "bare", "counted", "money off"]
"""money: its own words say so (块, $). cued: the words before tell of a price. counted: a measure, a count, a size, a
date. money off: a coupon, what is saved, and from which sum on. bare: nothing tells."""

CHINESE_UNITS = (
    "公斤|千克|斤|克|毫升|毫克|升|厘米|公分|毫米|毫安|毫|米|寸|尺|岁|点|分钟|分|刻|秒|小时|天|年|个|月|周|度|瓦|伏|安|倍|折|成|期|"
    "码|级|层|楼|次|遍|件|瓶|盒|套|条|双|包|支|只|袋|罐|份|片|张|组|箱|台|本|杯|管|颗|粒|桶|单|人|位|家|种|款|排|头|口|圈|步|道|瓣|针|"
    "枚|床|根|股|档|吋|寸|平方|平|吨|里|页|集|色|代|系列|后(?!价)|号|[%％]|g|kg|ml|l|cm|mm|w|v|mah|gb"
)
ENGLISH_UNITS = (
    r"percent|ounces?|oz|ml|milliliters?|inch(?:es)?|minutes?|mins?|hours?|seconds?|days?|weeks?|months?|years?|lbs?|"
    r"feet|foot|degrees?|watts?|volts?|packs?|people|of you|of us|of them|of these|left|in stock|boxes|units|colou?rs|"
    r"shades|pieces|counts?|grams?|gallons?|quarts?|liters?|litres?|hertz|decibels|times|sizes?|larges?|mediums?|"
    r"smalls?|x\b|xl|o'clock|"
    r"a\.?m\b|p\.?m\b|stars?|orders|in the (?:cart|basket)s?|and a half|and a quarter|millimeters?|centimeters?|"
    r"meters?|miles?|sets|bottles|pairs|bags|jars|tubes|kids|women|girls|ladies|guys|customers|more|thousand|hundred|"
    r"layers?|threads?|spf|st|nd|rd|th\b|ft\b|gb\b|k\b|hp\b|mg\b|g\b|in 1|in one|speeds?|settings?|pockets|hooks|slots"
)
COUNTED_AFTER = re.compile(
    rf"[多来几]?(?:{CHINESE_UNITS})(?![钱])|[ -]?(?:%|[\"″])|[ -](?:{ENGLISH_UNITS})\b|(?:{ENGLISH_UNITS})\b"
)
COUNTED_BEFORE = re.compile(
    r"(?:第|月|周|剩|还有|还剩|库存|只剩|百分之|型号|尺码|身高|体重|spf|pa|v|拍|扣|打|数到)$"
    r"|\b(?:size|sizes|spf|level|chapter|page|version|since|only|sold|got|have|had|has|been|there's|i'm|age|model|grade"
    r"|top|number|item|link) $"
)
DISCOUNT_BEFORE = re.compile(
    r"(?:[满减省返抵券]|立减|便宜|优惠|领|少付|多付|补贴|红包)(?:了|你|您|个|张|掉|到)?$"
    r"|\b(?:save|saves|saving|coupon for|(?<!just )(?<!barely )over|above|orders?|extra) ?\$?$"
)
DISCOUNT_AFTER = re.compile(
    r"(?:块钱?|元|的)(?:的)?(?:优惠)?(?:券|红包|运费|满减|定金|国补)"
    r"|(?:[ -](?:dollars?|bucks?|pounds?))?[ -](?:off|coupon|less|cheaper|voucher|shipping|in shipping)\b"
)
PRICE_CUE_BEFORE = re.compile(
    r"(?:到手|只要|只卖|价格?|卖|才|原价|平时|日常|专柜|门店|官网|直接|今天|今晚|给你们?|收|付|就|报|改成?|现在|是|要|标价?"
    r"|外面|超市)(?:是|就|了|个|我?给|你们?|卖|价|的)*[,，]?$"
    r"|\b(?:for|at|just|price|it's|that's|is|was|they're|costs?|paid|pay|usually|regularly?|retails?|normally|lists?|from"
    r"|now|tonight|today|to|=) ?(?:only |just |at |for |like )?\$?$"
)


def classify_number(text: str, number: SpokenNumber) -> NumberRole:
    """What `number`, found in `text` (folded), is said of."""
    before = text[max(0, number.start - 16) : number.start]
    if DISCOUNT_BEFORE.search(before) or DISCOUNT_AFTER.match(text, number.end):
        return "money off"
    if number.is_price:
        return "money"
    if COUNTED_AFTER.match(text, number.end) or COUNTED_BEFORE.search(before):
        return "counted"
    return "cued" if PRICE_CUE_BEFORE.search(before) else "bare"
