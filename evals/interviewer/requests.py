"""Rules on what a candidate asks for: each request is met by what it asks for, and nothing else is asked meanwhile."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from evals.interviewer.record import Line, Record, World, plain, sentences_of
from evals.interviewer.rules import Verdict

LONGEST_REQUEST = 16
"""Words; a longer turn may hold a request and be an answer."""
_REFUSES = re.compile(
    r"\b(?:report|won't comment|don't judge|not something|stay with|only go by)\b", re.IGNORECASE
)
"""Does not know it is no refusal, and not true either."""
_JUDGEMENT = re.compile(
    r"\b(?:(?:what|which) (?:is )?(?:my )?(?:score|level did)|how (?:did|am) i do(?:ing)?"
    r"|was that (?:good|right|correct)|(?:right|ideal|model) answer|rubric(?=.*\?)|key points|criteria"
    r"|which of my answers|on the right track|staff engineer say|how could i have answered"
    r"|would you hire me|great answer)\b",
    re.IGNORECASE,
)
"""Asks what an answer is worth, or what it should have been."""
_TIME = re.compile(r"\b(?:minutes?|hours?|half an hour|out of time|nearly over)\b", re.IGNORECASE)
_AI = re.compile(r"\bAI\b")
_NUMBER = re.compile(
    r"\b(?:[1-5]|one|two|three|four|five) (?:out of|points?|stars?)|\blevel\b", re.IGNORECASE
)
_PAUSED = re.compile(r"\b(?:pause|clock|carry on|take (?:your|a)|wait|rush)\b", re.IGNORECASE)


class Met(NamedTuple):
    """What a reply is judged by."""

    reply: str
    lines: Sequence[Line]
    standing: str
    """The question or follow-up that was open, in plain words."""
    question: str | None


class Request(NamedTuple):
    name: str
    asked: re.Pattern[str]
    met: Callable[[Met], bool]


def _says_again(met: Met) -> bool:
    tail = " ".join(met.standing.split()[-8:])
    return not tail or tail in plain(met.reply)


def _asks_nothing_new(met: Met) -> bool:
    return not any(line.kind in ("question", "probe") for line in met.lines)


def _moves_on(met: Met) -> bool:
    onward = ("question", "invitation", "handover", "closing")
    return any(line.kind in onward for line in met.lines) and not any(
        line.kind == "question" and line.question == met.question for line in met.lines
    )


REQUESTS = (
    Request(
        "repeat",
        re.compile(r"\b(?:repeat (?:the question|that)|say (?:that|it) again)\b", re.IGNORECASE),
        lambda met: _says_again(met) and _asks_nothing_new(met),
    ),
    Request(
        "a minute",
        re.compile(
            r"\b(?:(?:give me|need) a (?:minute|moment)|think for a moment|^one moment)\b", re.IGNORECASE
        ),
        lambda met: "?" not in met.reply and _asks_nothing_new(met),
    ),
    Request("skip", re.compile(r"\bskip\b", re.IGNORECASE), _moves_on),
    Request(
        "time left",
        re.compile(r"\bhow (?:much time|many minutes|long) (?:is|are|do we have) (?:left)?", re.IGNORECASE),
        lambda met: bool(_TIME.search(met.reply)) and _asks_nothing_new(met),
    ),
    Request(
        "other words",
        re.compile(
            r"\b(?:rephrase|what do you mean|put (?:it|that) (?:another|differently))\b", re.IGNORECASE
        ),
        lambda met: "?" in met.reply and _asks_nothing_new(met),
    ),
    Request(
        "who is there",
        re.compile(r"\bare you (?:a )?(?:real|human|a person|an ai|a machine|a robot)\b", re.IGNORECASE),
        lambda met: bool(_AI.search(met.reply)),
    ),
    Request(
        "a hint",
        re.compile(r"\b(?:give me|have) a hint\b", re.IGNORECASE),
        lambda met: len(met.reply.split()) >= 5 and _asks_nothing_new(met),
    ),
    Request(
        "pause",
        re.compile(r"\b(?:can|could) we (?:take a )?(?:pause|break)\b", re.IGNORECASE),
        lambda met: bool(_PAUSED.search(met.reply)) and _asks_nothing_new(met),
    ),
    Request(
        "a judgement",
        _JUDGEMENT,
        lambda met: bool(_REFUSES.search(met.reply)) and not _NUMBER.search(met.reply),
    ),
)


def meets_requests(record: Record, world: World) -> Iterator[Verdict]:
    """Every short turn that plainly asks for something. A turn that was still going on is not judged."""
    standing, question = "", None
    for place, line in enumerate(record.lines):
        if line.speaker == "interviewer":
            if line.kind in ("question", "probe", "invitation", "greeting"):
                standing, question = plain(line.text), line.question
            continue
        request = _request_in(line)
        following = next((each for each in record.lines[place + 1 :] if each.speaker == "candidate"), None)
        if request is None or (following is not None and following.kind == "more words"):
            continue
        lines = record.replies(place)
        met = Met(" ".join(each.text for each in lines), lines, standing, question)
        yield Verdict(place, None if request.met(met) else f"asks for {request.name}, and does not get it")


def replies_to_questions(record: Record, world: World) -> Iterator[Verdict]:
    """At the end of a stage a candidate's question gets a reply, if only "I don't know"."""
    invited = False
    for place, line in enumerate(record.lines):
        if line.speaker == "interviewer":
            invited = line.kind == "invitation"
        elif invited and line.kind == "words" and line.text.rstrip().endswith("?"):
            said = [
                each
                for each in record.replies(place)
                if each.kind not in ("invitation", "closing", "handover")
            ]
            words = sum(len(each.text.split()) for each in said)
            yield Verdict(place, None if words >= 5 else "a question without a reply")


def _request_in(line: Line) -> Request | None:
    """Only where the turn ends with it: what comes after a request is the answer."""
    if line.kind != "words" or len(line.text.split()) > LONGEST_REQUEST:
        return None
    last = sentences_of(line.text)[-1]
    return next((request for request in REQUESTS if request.asked.search(last)), None)
