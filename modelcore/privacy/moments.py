"""Made-up dates and times of day in the notations that people use."""

from datetime import date, timedelta

from modelcore.privacy.drawing import Draw

_FIRST_DAY, _DAYS = date(1920, 1, 1), 39_000
_HALVES = ("am", "pm", "a.m.", "p.m.", "AM", "PM")


def moment(draw: Draw) -> str:
    """A date, part of one, or a time of day."""
    forms = draw.random.choices(("full_dates", "partial_dates", "clock_times"), (50, 38, 12))[0]
    return draw.one_of(forms).format(**_parts(draw))


def _parts(draw: Draw) -> dict[str, str]:
    day = _FIRST_DAY + timedelta(days=draw.random.randrange(_DAYS))
    clock, half = draw.random.randint(1, 12), draw.random.choice(_HALVES)
    return {
        "d": str(day.day),
        "dd": f"{day.day:02}",
        "m": str(day.month),
        "mm": f"{day.month:02}",
        "y": str(day.year),
        "yy": f"{day.year % 100:02}",
        "th": "th" if 10 < day.day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10, "th"),
        "month": f"{day:%B}",
        "mon": f"{day:%b}",
        "day": f"{day:%A}",
        "h": str(clock),
        "half": half,
        "hour": draw.either(f"{clock}{half}", f"{clock} {half}"),
        "H": f"{draw.random.randrange(24):02}",
        "M": f"{draw.random.randrange(60):02}",
        "S": f"{draw.random.randrange(60):02}",
    }
