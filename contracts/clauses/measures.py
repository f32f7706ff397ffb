"""Units of measurement that convert exactly into each other. PURE. A unit that is not here equals only itself."""

import unicodedata
from decimal import Decimal
from fractions import Fraction

from contracts.clauses.kinds import Problem

_SIZES = {
    "length": {"nm": "1e-9", "µm": "1e-6", "mm": "0.001", "cm": "0.01", "dm": "0.1", "m": "1", "km": "1000",
               "in": "0.0254", "ft": "0.3048"},
    "mass": {"mg": "1e-6", "g": "0.001", "kg": "1", "t": "1000", "lb": "0.45359237"},
    "time": {"ms": "0.001", "s": "1", "min": "60", "h": "3600", "d": "86400"},
    "pressure": {"Pa": "1", "hPa": "100", "kPa": "1000", "MPa": "1e6", "GPa": "1e9", "mbar": "100", "bar": "100000",
                 "N/mm²": "1e6"},
    "force": {"N": "1", "kN": "1000", "MN": "1e6"},
    "torque": {"N·m": "1", "kN·m": "1000"},
    "power": {"mW": "0.001", "W": "1", "kW": "1000", "MW": "1e6", "GW": "1e9"},
    "energy": {"J": "1", "kJ": "1000", "MJ": "1e6", "Wh": "3600", "kWh": "3.6e6", "MWh": "3.6e9"},
    "voltage": {"mV": "0.001", "V": "1", "kV": "1000"},
    "current": {"mA": "0.001", "A": "1", "kA": "1000"},
    "frequency": {"Hz": "1", "kHz": "1000", "MHz": "1e6"},
    "area": {"mm²": "1e-6", "cm²": "1e-4", "m²": "1"},
    "volume": {"mL": "1e-6", "L": "0.001", "m³": "1"},
    "areal mass": {"g/m²": "1", "kg/m²": "1000"},
    "speed": {"mm/s": "0.001", "m/s": "1"},
    "ratio": {"ppm": "1e-6", "‰": "0.001", "%": "0.01"},
}  # fmt: skip
_UNITS = {unit: (kind, Fraction(size)) for kind, sizes in _SIZES.items() for unit, size in sizes.items()}
_SPELLINGS = {
    "um": "µm", "μm": "µm", "Nm": "N·m", "N*m": "N·m", "kNm": "kN·m", "mm2": "mm²", "cm2": "cm²", "m2": "m²",
    "m3": "m³", "l": "L", "ml": "mL", "g/m2": "g/m²", "kg/m2": "kg/m²", "N/mm2": "N/mm²", "％": "%",
}  # fmt: skip


class NoConversion(ValueError):
    """The two units do not measure the same thing."""


def convert(value: Decimal, unit: str, into: str) -> Decimal:
    """
    Return the value in another unit, exactly; without a unit it is taken to be in the other one.

    Raises NoConversion for units of different kinds, or where no exact decimal exists.
    """
    unit, into = _plain(unit) or _plain(into), _plain(into)
    if unit == into or not into:
        return value
    if unit not in _UNITS or into not in _UNITS or _UNITS[unit][0] != _UNITS[into][0]:
        raise NoConversion(f"{unit} -> {into}")
    exact = Fraction(value) * _UNITS[unit][1] / _UNITS[into][1]
    rest = exact.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        raise NoConversion(f"{unit} -> {into}")
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def problems_of_units(unit: str, into: str, field: str) -> list[Problem]:
    """Return a problem of `field` if the one unit cannot be converted into the other."""
    try:
        convert(Decimal(1), unit, into)
    except NoConversion:
        return [Problem(field, "units_differ", (("given", unit), ("wanted", into)))]
    return []


def _plain(unit: str) -> str:
    """Return the unit in its one spelling."""
    bare = unit.strip()
    if bare in _UNITS:
        return bare
    folded = unicodedata.normalize("NFC", bare)
    return _SPELLINGS.get(folded, folded)
