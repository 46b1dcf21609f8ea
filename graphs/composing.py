"""Answers to questions nobody wrote an answer for, made of stories, phrases and what the content says of the topic.

No model is called; the same seed and the same questions give the same words.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from graphs.answerbook import Story, Unseen
from graphs.small_talk import Lines

MOST_TERMS = 3
MOST_WORDS = 180
"""An answer that has reached so many words takes no further point."""
_MOVE = re.compile(
    r"(?:Allow|Audit|Blend|Build|Calibrate|Choose|Classify|Combine|Compare|Compute|Condition|Decide|Decompose|Define"
    r"|Deliver|Derive|Detect|Develop|Diagnose|Distil|Distinguish|Estimate|Evaluate|Express|Fade|Find|Fit|Give|Hand over"
    r"|Interview|Join|Judge|Keep|List the|Look|Make|Map|Measure|Offer|Optimise|Partition|Pick|Precompute|Put|Randomise"
    r"|Read|Replace|Report|Represent|Rerank|Separate|Serve|Ship|Shrink|Simulate|Solicit|Sort|Split|Start|Tie|Train"
    r"|Translate|Treat|Tune|Turn|Use|Verify|Weigh|Write)\b"
)
"""Words that open a point only where it says what to do."""
_ADVICE = re.compile(
    r"(?:Admit|Ask|Be|Describe|Evidence|Explain|Motivation|Own|Probe|Quote|Request|State|Use public)\b"
    r"|.*\b(?:accounts?|answers?|candidates?|career|convincing|credible|hindsight|interviewers?|motives?|stor(?:y|ies))\b",
    re.DOTALL,
)
"""A point that looks like this is advice on how to answer; nobody says that aloud."""
_FIGURE = re.compile(
    r"\d|\b(?:percent|hundreds?|thousands?|millions?|billions?|half|third|twice|double|ten|twenty|thirty|forty|fifty)\b",
    re.I,
)
_ASIDE = re.compile(
    r",? (?:for example|such as|since|because|so|which|where|rather than|instead of)\b|;| - |: |\."
)
_SAID_ALOUD = (
    (" - ", ", "),
    ('"', ""),
    (" ms", " milliseconds"),
    ("p99", "the ninety-ninth percentile"),
    ("%", " percent"),
)
_MISTAKE = re.compile(
    r"(?!Answering|Asking|Claiming|Describing|Drawing|Forgetting|Having|Listing|Naming|Praising|Presenting|Quoting"
    r"|Reciting|Remembering|Saying|Talking|Telling)[A-Z]\w+ing\b"
)
_MISTAKE_ENDS = re.compile(
    r",? (?:and|without|when|so|which|while|before|until|whose|because|although|never)\b|[,;.]"
)


@dataclass(frozen=True)
class Asked:
    """A question as a candidate hears it, with what the content has on it."""

    id: str
    text: str
    rows: Sequence[str]
    points: Sequence[tuple[str, str]]
    """What to do or to know, and why it matters."""
    terms: Sequence[str] = ()
    mistakes: Sequence[str] = ()

    @property
    def rubric(self) -> str:
        return self.rows[0].partition(".")[0] if self.rows else "staff"


class Composer:
    """One candidate's memory of what it has told so far, at one level."""

    def __init__(self, unseen: Unseen, seed: int) -> None:
        self._unseen = unseen
        self._rng = Random(f"{seed}:{unseen.level}")
        self._uses: Counter[str] = Counter()
        self._told: Counter[str] = Counter()
        self._story: dict[str, Story] = {}
        self._no_more = Lines(unseen.nothing_more, self._rng)

    def answer(self, asked: Asked, *, short: bool = False) -> str:
        """A new answer; `short` ones leave out the preface, a point and the lesson."""
        most = min(1, self._unseen.points) if short else self._unseen.points
        begin = "" if short else self._pick(self._unseen.begin)
        story = self._choose(asked)
        if story is None:
            rows = [self._unseen.rows[row] for row in asked.rows if row in self._unseen.rows]
            said = [self._pick(phrases, asked.text) for phrases in rows]
            head = [begin, *said[: 1 if short else 3]]
            return _joined([*head, *self._points(asked, most, _joined(head))])
        again = self._told[story.id] > 0
        self._told[story.id] += 1
        self._story[asked.id] = story
        opening = (
            self._pick(self._unseen.again).format(name=story.name) if again else self._pick(story.opening)
        )
        head = [
            begin,
            opening,
            *(self._rows(story, asked, 1 if short else 2) if again else self._steps(story, asked, short)),
        ]
        tail = [self._pick(story.result)] if short else [self._pick(story.result), self._pick(story.lesson)]
        points = self._points(asked, most, _joined([*head, *tail]))
        return _joined([*head, *points, *self._colour(asked), *tail])

    def addition(self, asked: Asked, row: str | None) -> str:
        """What is added when a row is asked about: from the story, else in general, else that there is nothing more."""
        story = self._story.get(asked.id)
        own = story.rows.get(row or "", []) if story else []
        for phrases in (own, self._unseen.rows.get(row or "", [])):
            if fresh := [phrase for phrase in phrases if not self._uses[phrase]]:
                return self._pick(fresh, asked.text)
        if story and not row and (rest := self._rows(story, asked, 1)):
            return rest[0]
        points = self._points(asked, min(1, self._unseen.points), "")
        return points[0] if points else self._no_more.next()

    def _choose(self, asked: Asked) -> Story | None:
        """The story told least, where one that fits the topic may be told once more; then words in common decide."""
        stories = [story for story in self._unseen.stories if asked.rubric in story.rubrics]
        self._rng.shuffle(stories)
        wanted = _words(asked.text)
        topic = asked.id.partition("/")[0]
        return min(
            stories,
            key=lambda s: (self._told[s.id] - (topic in s.topics), -len(wanted & _story_words(s))),
            default=None,
        )

    def _steps(self, story: Story, asked: Asked, short: bool) -> list[str]:
        """All steps of a story that is the answer itself; one or none of a story that only frames it."""
        if asked.rubric == "star" and not short:
            self._uses.update(story.steps)
            return story.steps
        framing_only = asked.rubric != "star" and short
        return [self._pick(story.steps)] if story.steps and not framing_only else []

    def _rows(self, story: Story, asked: Asked, most: int) -> list[str]:
        """Things not yet said of a story, about the rows the question is for."""
        rows = [row for row in asked.rows if row in story.rows] or list(story.rows)
        fresh = [text for row in rows for text in story.rows[row] if not self._uses[text]]
        self._uses.update(fresh[:most])
        return fresh[:most]

    def _points(self, asked: Asked, most: int, around: str) -> list[str]:
        """Invited points not yet used, as this candidate would say them, as far as there is room for them."""
        spoken: list[str] = []
        for text, why in asked.points:
            long = len(f"{around} {' '.join(spoken)} {text}".split()) > MOST_WORDS
            said = None if long or self._uses[text] or len(spoken) >= most else self._point(text, asked)
            if said is None:
                continue
            self._uses[text] += 1
            if self._unseen.reasons and most > 1 and not spoken:
                said += " " + self._pick(self._unseen.reasons).format(why=said_aloud(why))
            spoken.append(said)
        return spoken

    def _point(self, text: str, asked: Asked) -> str | None:
        """A point in the first person. A story about people takes only what one can do, and advice is never said."""
        point = said_aloud(text) if self._unseen.figures else plainly(text)
        if point is None or asked.rubric == "screen" or _ADVICE.match(text):
            return None
        if _MOVE.match(point):
            return self._pick(self._unseen.moves).format(move=point[0].lower() + point[1:])
        return None if asked.rubric == "star" else self._pick(self._unseen.claims).format(claim=point)

    def _colour(self, asked: Asked) -> list[str]:
        """Names dropped, or a mistake taken for advice: the substance of a weak technical answer."""
        if asked.rubric not in ("staff", "code"):
            return []
        mistakes = [m for m in map(misguided, asked.mistakes) if m and not self._uses[m]]
        if self._unseen.mistakes and mistakes and self._rng.random() < 0.6:
            mistake = self._pick(mistakes)
            return [self._pick(self._unseen.mistakes).format(mistake=mistake)]
        if self._unseen.terms and asked.terms:
            terms = self._rng.sample(list(asked.terms), min(MOST_TERMS, len(asked.terms)))
            return [self._pick(self._unseen.terms).format(terms=_listed(terms))]
        return []

    def _pick(self, phrases: Sequence[str], near: str = "") -> str:
        """A phrase used least so far: the one with most words in common with `near`, or any."""
        least = min(self._uses[phrase] for phrase in phrases)
        fresh = [phrase for phrase in phrases if self._uses[phrase] == least]
        self._rng.shuffle(fresh)
        wanted = _words(near)
        chosen = max(fresh, key=lambda phrase: len(wanted & _words(phrase)))
        self._uses[chosen] += 1
        return chosen


def said_aloud(text: str) -> str:
    """Written text as somebody would say it."""
    for written, spoken in _SAID_ALOUD:
        text = text.replace(written, spoken)
    return " ".join(text.split())


def plainly(text: str) -> str | None:
    """The bare claim of a point, without its figures and examples; None where nothing much is left of it."""
    cut = _ASIDE.search(text, 25)
    bare = said_aloud(text[: cut.start()] if cut else text).rstrip(".,")
    return f"{bare}." if len(bare.split()) >= 5 and not _FIGURE.search(bare) else None


def misguided(mistake: str) -> str | None:
    """A common mistake as somebody who makes it would recommend it; None where it is one of telling, not of doing."""
    if not _MISTAKE.match(mistake):
        return None
    end = _MISTAKE_ENDS.search(mistake)
    bare = said_aloud(mistake[: end.start()] if end else mistake)
    return bare[0].lower() + bare[1:] if 3 <= len(bare.split()) <= 16 else None


def _joined(parts: Sequence[str]) -> str:
    return " ".join(part.strip() for part in parts if part)


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


def _words(text: str) -> set[str]:
    return {word[:6] for word in re.findall(r"[a-z]{4,}", text.lower())}


def _story_words(story: Story) -> set[str]:
    return _words(
        " ".join([*story.opening, *story.steps, *(t for texts in story.rows.values() for t in texts)])
    )
