"""Cues: beginnings of phrases that point at a sentence. They are looked for in what is said, not in how it is said."""

import re
from collections.abc import Callable
from functools import lru_cache

_NUMBER = (
    r"two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|"
    r"nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|half|halved|"
    r"double|doubled|twice|tripled?|threefold|twofold|zero|percent|per cent|dozen|a third|a quarter"
)
FIGURE = re.compile(rf"\d|\b(?:{_NUMBER})\b", re.IGNORECASE)
_JOINTS = str.maketrans("’-/", "'  ")
_MARKS = re.compile(r"(?!\d)[^\w\s'*#%](?!\d)|[^\w\s'*#%](?=\s|$)")
_EMPTY = re.compile(
    r"\b(?:the|an?(?! b\b)|u[mh]+|er|hm+|you know|i mean|i (?:think|guess|suppose|believe)|sort of|kind of|"
    r"basically|actually|really|just|maybe|perhaps|probably|possibly)(?!\S)"
)
_SPELLINGS = {
    **{
        "aboot": "about",
        "auld": "old",
        "aye": "yes",
        "doon": "down",
        "efter": "after",
        "fae": "from",
        "mair": "more",
    },
    **{
        "noo": "now",
        "o": "of",
        "oor": "our",
        "oot": "out",
        "tae": "to",
        "wee": "small",
        "wi": "with",
        "ye": "you",
    },
    **{"cannae": "can't", "couldnae": "couldn't", "didnae": "didn't", "dinnae": "don't", "isnae": "isn't"},
    **{"wasnae": "wasn't", "wouldnae": "wouldn't", "cos": "because", "cuz": "because", "gonna": "going to"},
    **{
        "gotta": "got to",
        "wanna": "want to",
        "coulda": "could have",
        "shoulda": "should have",
        "woulda": "would have",
    },
}
"""How dialects, and those who write them down, spell words that cues know."""
_SPELT = re.compile(rf"(?<![\w'])(?:{'|'.join(_SPELLINGS)})(?![\w'])")
_DROPPED_G = re.compile(r"(?<=\w)in'(?!\w)")
_FIGURE_WORD = rf"\W?(?:\d\S*|(?:{_NUMBER})\b)"
_SOME_WORDS = r"(?:\S+ ){0,4}"
Finder = Callable[[str], bool]


def plain(text: str) -> str:
    """Small letters without marks, articles, fillers and hedges, between blanks; hyphens part words."""
    small = " ".join(_MARKS.sub(" ", text.casefold().translate(_JOINTS)).split())
    usual = _SPELT.sub(lambda found: _SPELLINGS[found[0]], _DROPPED_G.sub("ing", small))
    return f" {' '.join(_EMPTY.sub(' ', usual).split())} "


@lru_cache(maxsize=4096)
def finder(cue: str) -> Finder:
    """Whether a cue, written as in `Check.cues`, is in a text that `plain` has made.

    One of articles, fillers and hedges only is in none.
    """
    words = " .. ".join(map(plain, cue.rstrip(".").split(".."))).split()
    end = " " if cue.endswith(".") else ""
    if not set("".join(words)) & set("#*."):
        phrase = f" {' '.join(words)}{end}"
        return lambda text: bool(words) and phrase in text
    pattern = re.compile(_pattern(words) + end)
    return lambda text: pattern.search(text) is not None


def _pattern(words: list[str]) -> str:
    parts = [_SOME_WORDS if word == ".." else _word(word) + " " for word in words]
    return " " + "".join(parts).removesuffix(" ")


def _word(word: str) -> str:
    if word == "#":
        return _FIGURE_WORD
    return re.escape(word).replace(r"\*", r"[\w']*") + (r"\b" if "*" in word else "")
