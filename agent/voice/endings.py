"""How finished words sound, by the words alone.

The recogniser ends nearly everything with a full stop, so its punctuation proves nothing; what comes before the stop
often does. A cue here may make a finished answer wait a little; it must not end an unfinished one.
"""

import re
from collections.abc import Sequence
from typing import Literal

from agent.voice import cues
from agent.voice.hallucinations import FILLERS, plain
from graphs.intents import by_rules

Ending = Literal[
    "handed over",  # says that this was all, or asks the interviewer for something
    "finished",
    "replies",  # a yes or a no, and hardly more
    "trails off",  # "and so on", "so yeah"
    "uncertain",  # could go either way
    "unfinished",  # a clause, a list or an announcement that is still open
    "thinking",  # a question to oneself, an "um", "let me see"
    "asks for time",  # "let me think" amid an answer
    "only asks for time",  # the same, and nothing else was said
]


def ending(text: str) -> Ending:
    """How the words sound that were said so far in a turn. Text without words is `thinking`."""
    words = plain(text)
    if not words or words[-1] in FILLERS:
        return "thinking"
    last = _sentences(text)[-1]
    said = cues.LEAD.sub("", " ".join(plain(last)) or " ".join(words))
    if _asks(last, cues.WAIT):
        return "only asks for time" if _asks(text, cues.WAIT) else "asks for time"
    if cues.LET_ME_THINK.search(said):
        return "asks for time"
    if cues.TRAILS_OFF.search(" ".join(words)) and not text.rstrip().endswith(","):
        return "trails off"
    if words[0] in cues.YES_OR_NO and len(words) <= cues.SHORT_REPLY and not text.rstrip().endswith(","):
        return "replies"
    if cues.MUTTERS.search(said) or any(
        cues.THINKING.fullmatch(part) for part in (said, " ".join(plain(last.split(",")[-1])))
    ):
        return "thinking"
    if not _is_closed(text) or _is_open_list(text):
        return "unfinished"
    if cues.ALL_SAID.search(said) or _asks(text, cues.TO_INTERVIEWER) or _asks(last, cues.TO_INTERVIEWER):
        return "handed over"
    if _asks(text, cues.OWN_QUESTION) or _asks(last, cues.OWN_QUESTION):
        return "finished"
    how = _of_sentence(last, said)
    return "uncertain" if how == "finished" and len(words) <= cues.BRIEF else how


def _asks(text: str, intents: frozenset[str]) -> bool:
    heard = by_rules(text)
    return heard.sure and heard.intent in intents


def _of_sentence(last: str, said: str) -> Ending:
    words = said.split()
    if _hangs(words) or cues.ANNOUNCED.fullmatch(said):
        return "unfinished"
    if "?" not in last and "," not in last and cues.OPENS_CLAUSE.fullmatch(said):
        return "unfinished"
    if _is_falling_list(last):
        return "unfinished"
    if words[-1] in cues.PREPOSITIONS or (words[0] in cues.ORDINALS and not cues.LAST_ITEM.match(last)):
        return "uncertain"
    return "finished"


def _is_closed(text: str) -> bool:
    end = text.rstrip(" \"'”’")
    return end.endswith((".", "!", "?")) and not end.endswith("..")


def _hangs(words: Sequence[str]) -> bool:
    if not words:
        return True
    if cues.ENDS_ANYWAY.search(" ".join(words)):
        return False
    last, before = words[-1], words[-2] if len(words) > 1 else ""
    if last == "that":
        return before in cues.THAT_AFTER
    if last == "more":
        return before in cues.MORE_AFTER
    if last in cues.OBJECTS and before in cues.JOINS:
        return True
    if last in cues.VERBS:
        compares = cues.COMPARES & set(words[-8:-1]) or "what" in words[1:-1][-2:]
        return len(words) > (4 if words[0] in cues.REPLIES else 2) and not compares
    if last in cues.PREPOSITIONS:
        return not cues.RELATIVE & set(words[1:-1][-7:])
    return last in cues.HANGING


def _is_open_list(text: str) -> bool:
    """Whether more items were announced than have come."""
    recent = " ".join(text.lower().split()[-cues.LONGEST_LIST :])
    announced = cues.LIST_OF.search(recent)
    if announced is None:
        return False
    due = cues.COUNTS[(announced[1] or announced[2] or announced[3]).split()[0]]
    after = recent[announced.end() :]
    come = max([cues.ORDINALS.get(word, 1) for word in plain(after)], default=0)
    if due == 2 and announced[1] and re.search(r"\w \w.* and (?:i|we|the|it|that|how|who|what)\b", after):
        return False
    return come < due and not cues.CLOSES_LIST.search(after)


def _is_falling_list(last: str) -> bool:
    """Things after commas with no "and" before the last of them: "the latency, the error rate."."""
    first, *items = [item.strip().lower() for item in re.split(r"[,;]", last.rstrip(" .!"))]
    if not items or re.search(r"\b(?:and|or|but)\b", " ".join(items)):
        return False
    longest = 6 if len(items) > 1 else 3
    return (
        items[-1].startswith(cues.DETERMINERS)
        and len(items[-1].split()) <= longest
        and len(first.split()) > 2
    )


def _sentences(text: str) -> list[str]:
    return [s for s in re.split(r"(?<=[.!?])\s+", text.strip()) if s.strip()] or [text]


def yields_the_floor(text: str) -> bool:
    """Whether a candidate who spoke against the interviewer gives way: "sorry, go on"."""
    return bool(cues.YIELDS.fullmatch(" ".join(plain(text))))
