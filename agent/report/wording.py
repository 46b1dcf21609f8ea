"""Figures and dates in words, the same in every rendering."""

from datetime import date, datetime

_SHORT = 90


def level_figure(level: float) -> str:
    return f"{level:.1f}"


def percent(share: float) -> str:
    return f"{max(0.0, 100 * share):.0f} %"


def clock(at_s: float) -> str:
    """12:05, or 1:02:05 from an hour on."""
    minutes, seconds = divmod(int(at_s), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def length_of_time(seconds: float) -> str:
    """The two largest units: 45 s, 2 min 5 s, 1 h 20 min."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def day(when: date | datetime) -> str:
    """Thu 5 Nov 2026, in this machine's time zone."""
    local = when.astimezone() if isinstance(when, datetime) else when
    return f"{local:%a} {local.day} {local:%b %Y}"


def weekday(when: date) -> str:
    """Thu 5 Nov: for dates of which the year is plain."""
    return f"{when:%a} {when.day} {when:%b}"


def moment(when: datetime) -> str:
    return f"{day(when)}, {when.astimezone():%H:%M}"


def pace_difference(words_per_minute: float) -> str:
    """Against the candidate's own median."""
    whole = round(words_per_minute)
    return f"{abs(whole)} {'faster' if whole > 0 else 'slower'}" if whole else "the same"


def short(text: str) -> str:
    """Enough of a quote to recognise it by."""
    line = " ".join(text.split())
    return line if len(line) <= _SHORT else line[: _SHORT - 1].rsplit(" ", 1)[0] + "…"


def capitalise(text: str) -> str:
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def sentence(text: str) -> str:
    """With a capital at its beginning and a full stop at its end."""
    whole = capitalise(text.strip())
    return whole if whole.endswith((".", "!", "?")) else whole + "."
