"""Prices: from units as people write them to the integer minor units that kandian holds.

Every currency is held in hundredths of its unit (domain.catalog.MINOR_UNITS), also the yen, so that one division turns
any price back into units. Prices in currencies without hundredths must be whole units.
"""

import re
from decimal import Decimal

from domain.catalog import MINOR_UNITS
from domain.errors import InputError
from pipeline.inputs.parsing.values import NUMBER_PATTERN, is_number, quote_value

ZERO_DECIMAL_CURRENCIES = frozenset(("CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND"))  # ISO 4217, exponent 0
MAX_PRICE = Decimal(10**10)  # units; dearer than anything sold live, and far inside 64 bits in hundredths
MAX_ROUNDING_ERROR = Decimal("1e-6")  # units; 169.90000000000001 is what programs make of 169.9
DIGITS = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
THOUSANDS_COMMA = re.compile(r"(?<=\d),(?=\d{3}(?!\d))", re.ASCII)
CURRENCY_CODE = re.compile("[A-Z]{3}")


def as_currency(name: str, value: object) -> str:
    """An ISO 4217 code; 人民币 is often written RMB, which is none."""
    code = value.strip().upper() if isinstance(value, str) else ""
    if code == "RMB":
        return "CNY"
    if not CURRENCY_CODE.fullmatch(code):
        raise InputError(name, f"{quote_value(value)} is not a currency", "write its ISO 4217 code, such as CNY")
    return code


def as_minor_units(name: str, value: object, currency: str) -> int:
    """A price in units (169.9, "39.90") as minor units (16990, 3990)."""
    units = _parse_units(name, value)
    if not units.is_finite():
        raise InputError(name, f"{quote_value(value)} is not a finite number", "write it as 169.9")
    if units < 0:
        raise InputError(name, f"{quote_value(value)} is below 0", "write a price of 0 or more, or leave it out")
    if units > MAX_PRICE:
        raise InputError(name, f"{quote_value(value)} is more than any price", "write it in units of the currency")
    step = Decimal(1) if currency in ZERO_DECIMAL_CURRENCIES else Decimal(1) / MINOR_UNITS
    rounded = units.quantize(step)
    if abs(units - rounded) > MAX_ROUNDING_ERROR:
        what = f"{quote_value(value)} is finer than the smallest {currency} price step"
        raise InputError(name, what, f"write it in steps of {step}")
    return int(rounded * MINOR_UNITS)


def _parse_units(name: str, value: object) -> Decimal:
    if isinstance(value, str) and NUMBER_PATTERN.fullmatch(value.strip()):
        return Decimal(value.strip())
    if not is_number(value):
        raise InputError(name, f"{quote_value(value)} is not a number", f"write it as {_example_number(value)}")
    return value if isinstance(value, Decimal) else Decimal(value)  # type: ignore[arg-type]  # a number


def _example_number(value: object) -> str:
    """The number that stands in text like ¥1,299.00起; 169.9 as an example where none or more than one does."""
    text = THOUSANDS_COMMA.sub("", value) if isinstance(value, str) else ""
    numbers = DIGITS.findall(text)
    return numbers[0] if len(numbers) == 1 else "169.9"
