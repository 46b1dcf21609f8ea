"""What a candidate says besides answers: repeat that, give me a minute, skip, how much time is left ...

Rules (graphs/prompts/intents.yaml) come first and work on what speech recognition gives: lower case, no punctuation,
fillers. A rule is sure where its pattern covers most of the words; only where it covers some of a short text is the
language model asked. What the rules do not know is an answer: taking an answer for a request would lose it.
"""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple, cast

import yaml

from graphs.lines import PROMPTS
from graphs.state import Intent

SURE = 0.6
DOUBTFUL = 0.2
"""Shares of a turn's words that a pattern must cover to be believed, or to be worth asking the model about."""
LONGEST_REQUEST = 28
"""Words; anything longer is an answer."""
LONGEST_DOUBT = 14
SHORT_ANSWER = 4
"""Answers with fewer words ask for an invitation to say more."""
ANSWERED = 8
"""Words after a question mark from which the turn is an answer that begins with a question."""
EMBEDDED = 25
"""Words beside an instruction to the interviewer from which the turn is an answer that happens to hold one."""

MACRO_DEPTH = 2

_FILLERS = re.compile(r"\b(?:um+|uh+|er+|erm|hmm+|mm+|mhm|ah|eh|huh)\b")
_LEAD = re.compile(
    r"^(?:(?:okay|ok|so|well|yeah|yes|right|alright|all right|sure|sorry|please|actually|hey|hi|and|but|oh|now|i mean|"
    r"i'm sorry|excuse me|you know|just|maybe|i think|i guess|honestly|wait|(?:my )?apologies) )+"
)
_TAIL = re.compile(
    r"(?: (?:please|thanks|thank you|sorry|if (?:that's|it's) (?:ok|okay|fine|alright|possible)|for me|"
    r"then|now|actually|if you don't mind|real quick|quickly|before (?:i|we) (?:answer|start|go on|continue)))+$"
)
_SHORT_FORMS = {
    r"(?<=do|es) not\b": "n't",
    r"\b(did|could|would) not\b": r"\1n't",
    r"\b(?:can not|cannot|cant)\b": "can't",
    r"\b(do|did|could)nt\b": r"\1n't",
    r"\b(that|what) is\b": r"\1's",
    r"\b(that|what|let)s\b": r"\1's",
    r"\blet us\b": "let's",
    r"\bi am\b|\bim\b": "i'm",
}
_NUMBERS = {
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "twelve": 12,
    "fifteen": 15,
    "twenty": 20,
    "twenty five": 25,
    "thirty": 30,
    "forty": 40,
    "forty five": 45,
    "half an hour": 30,
}
_NUMBER = rf"\d+|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))}"
_SHORTER = re.compile(
    r"\b(?:only|just|at most|no more than|maximum|hard stop in|make it|keep it to|do it in|leave in|go in) "
    rf"(?:have |got |about |like )*({_NUMBER})(?: ?(?:minutes|mins?)\b|(?<=hour))"
)


class Heard(NamedTuple):
    intent: Intent
    sure: bool


Judge = Callable[[str, Intent], Awaitable[bool]]
"""Asks the model whether a text means an intent."""


@dataclass(frozen=True)
class Rules:
    requests: list[tuple[Intent, re.Pattern[str]]]
    agreement: re.Pattern[str]
    refusal: re.Pattern[str]
    asks: re.Pattern[str]
    company: re.Pattern[str]
    musing: re.Pattern[str]
    instruction: re.Pattern[str]


def by_rules(text: str) -> Heard:
    """What the words mean by the rules alone. Unsure ones carry the likeliest request."""
    rules, plain = _rules(), normalise(text)
    words = plain.split()
    if not words:
        return Heard("nothing", True)
    told = rules.instruction.search(plain)
    if told and len(words) - len(told[0].split()) < EMBEDDED:
        return Heard("instruct", True)
    if len(words) > LONGEST_REQUEST:
        return Heard("answer", True)
    if rules.agreement.fullmatch(plain):
        return Heard("yes", True)
    core = _TAIL.sub("", _LEAD.sub("", plain)) or plain
    shares = [(_share(pattern, core, intent), intent) for intent, pattern in rules.requests]
    share, intent = max(shares, key=lambda pair: pair[0])  # of equals, the one listed first
    if share >= SURE:
        return Heard(intent, True)
    if rules.refusal.fullmatch(plain):
        return Heard("no", True)
    if _is_question(rules, core, text):
        return Heard("question", True)
    if share >= DOUBTFUL and len(words) <= LONGEST_DOUBT:
        return Heard(intent, False)
    return Heard("short" if len(words) < SHORT_ANSWER else "answer", True)


async def understand(text: str, judge: Judge | None = None) -> Intent:
    """What the words mean: by the rules, and where they are unsure by `judge`; without one, an answer."""
    heard = by_rules(text)
    if heard.sure or (judge is not None and await judge(text, heard.intent)):
        return heard.intent
    return "answer"


def normalise(text: str) -> str:
    """Lower case, no punctuation but apostrophes, no fillers, short forms written as they are spoken."""
    plain = re.sub(r"[^a-z0-9' ]+", " ", text.lower().replace("’", "'"))
    plain = " ".join(_FILLERS.sub(" ", plain).split())
    for written, spoken in _SHORT_FORMS.items():
        plain = re.sub(written, spoken, plain)
    return plain


def minutes_wished(text: str) -> float | None:
    """The shorter time that a candidate asks for ("I only have ten minutes")."""
    found = _SHORTER.search(normalise(text))
    return float(_NUMBERS.get(found[1]) or found[1]) if found else None


def adds_to_earlier(text: str) -> bool:
    """Whether a longer turn begins by going back ("about the previous question, we also ...")."""
    rules, core = _rules(), _LEAD.sub("", normalise(text))
    return any(intent == "add" and pattern.match(core) for intent, pattern in rules.requests)


def _share(rule: re.Pattern[str], core: str, intent: Intent) -> float:
    """How much of the words the rule covers. It begins with the first word; commands may have one word before them."""
    words = core.split()
    for skipped in range(1 if intent in ("clarify", "question", "identity") else min(2, len(words))):
        rest = " ".join(words[skipped:])
        found = rule.fullmatch(rest) or rule.match(rest)
        if found and found[0]:
            return len(found[0].split()) / len(words)
    return 0.0


def _is_question(rules: Rules, core: str, text: str) -> bool:
    said_after = text.rpartition("?")[2] if "?" in text else ""
    if rules.musing.search(core) or not rules.asks.match(core) or len(said_after.split()) >= ANSWERED:
        return False
    return bool(rules.company.search(core)) or text.rstrip().endswith("?")


@cache
def _rules() -> Rules:
    raw = yaml.safe_load((PROMPTS / "intents.yaml").read_text(encoding="utf-8"))
    macros: Mapping[str, str] = raw["macros"]

    def one_of(patterns: Sequence[str], form: str = r"(?:{})\b") -> re.Pattern[str]:
        joined = "|".join(patterns)
        for _ in range(MACRO_DEPTH):
            joined = re.sub(r"<(\w+)>", lambda m: macros[m[1]], joined)
        return re.compile(form.format(joined))

    every = r"(?:(?:{})(?: |$))+"
    return Rules(
        requests=[(cast(Intent, intent), one_of(raw["requests"][intent])) for intent in raw["requests"]],
        agreement=one_of(raw["agreement"], every),
        refusal=one_of(raw["refusal"], every),
        asks=one_of(raw["asks"], r"(?:{})"),
        company=one_of(raw["company"], r"\b(?:{})\b"),
        musing=one_of(raw["musing"], r"\b(?:{})\b"),
        instruction=one_of(raw["instruction"], r"\b(?:{})\b"),
    )
