"""Checks a script before anybody is asked anything: every finding with its line, the reason, and better words.

What it cannot see is named in `knowledge.screening.asking`; the pilot (`soundcheck script pilot`) finds what only
shows when the script is played.
"""

from collections.abc import Collection, Iterator
from itertools import pairwise
from pathlib import Path

from knowledge.documents import Document, Place
from knowledge.errors import Problem
from knowledge.lawful import risks_of
from knowledge.screening.findings import Fault, Finding
from knowledge.screening.loader import ScriptDraft, read_script
from knowledge.screening.models import Question, Script
from knowledge.screening.promises import (
    Placed,
    accommodation_faults,
    closing_faults,
    consent_faults,
    disclosure_faults,
    knockout_faults,
    policy_faults,
)
from knowledge.screening.wording import (
    asked_faults,
    lawful_faults,
    probe_faults,
    question_faults,
    risky,
    spoken_faults,
)
from knowledge.wording import alike, near_duplicates

OPENING_MINUTES, KNOCKOUT_MINUTES, CLOSING_MINUTES = 1.5, 0.75, 0.5
"""What disclosure and consent, one knock-out, and the closing take."""
ANSWER_MINUTES, PROBE_MINUTES = 2.0, 0.75
"""What an answer and each probe take at least."""
SPARE = 0.25
"""Share of the announced time that may be left over."""
EVIDENCE_WORDS = 6
ALIKE_ANCHORS = 0.8
LEVELS_NEEDED = (1, 3, 5)


def lint(script: str | Path, rows: Collection[str]) -> list[Finding]:
    """Everything wrong with a script. `rows` are the rubric rows that exist. Raises ContentError for unknown names."""
    draft, problems = read_script(script)
    found = [Finding("schema", problem, "") for problem in problems]
    if draft is not None:
        found += [
            _finding(draft.document, place, fault) for place, fault in _faults(draft.document.model, rows)
        ]
        found += _fact_findings(draft)
    unique = {(f.kind, f.problem): f for f in found}
    return sorted(unique.values(), key=lambda f: (str(f.problem.file), f.problem.line or 0, f.problem.field))


def _finding(document: Document[Script], place: Place, fault: Fault) -> Finding:
    return Finding(fault.kind, document.problem(place, fault.why, fault.fix), fault.better)


def _faults(script: Script, rows: Collection[str]) -> Iterator[Placed]:
    for place, text in _said(script):
        yield from ((place, fault) for fault in spoken_faults(text))
    for index, knockout in enumerate(script.knockouts):
        yield from ((("knockouts", index, "text"), fault) for fault in asked_faults(knockout.text))
    for index, question in enumerate(script.questions):
        yield from _question(script, index, question)
    yield from _repeated(script)
    yield from _competencies(script, rows)
    yield from _time(script)
    for rule in (
        disclosure_faults,
        consent_faults,
        accommodation_faults,
        knockout_faults,
        closing_faults,
        policy_faults,
    ):
        yield from rule(script)


def _said(script: Script) -> list[tuple[Place, str]]:
    """What is said besides questions."""
    return [
        (("consent", "disclosure"), script.consent.disclosure),
        (("consent", "ask"), script.consent.ask),
        (("consent", "refused"), script.consent.refused),
        (("accommodations", "offer"), script.accommodations.offer),
        (("candidate_questions", "invite"), script.candidate_questions.invite),
        (("candidate_questions", "unknown"), script.candidate_questions.unknown),
        (("closing",), script.closing),
    ]


def _question(script: Script, index: int, question: Question) -> Iterator[Placed]:
    place: Place = ("questions", index)
    yield from (((*place, "text"), fault) for fault in question_faults(question.text))
    evidence = [c.evidence for c in script.competencies if c.id == question.competency]
    strong = [text for level, text in question.anchors.items() if level >= 3]
    for number, probe in enumerate(question.probes):
        faults = probe_faults(probe, question.text, [*strong, *evidence])
        yield from (((*place, "probes", number), fault) for fault in faults)
    for number in (
        n for n in range(1, len(question.probes)) if alike(*question.probes[n - 1 : n + 1]) > SAME_PROBE
    ):
        why, fix = "both probes ask the same", "write another one, or leave it out"
        yield (*place, "probes", number), Fault("repeated", why, fix, "What came of it?")
    yield from _anchors((*place, "anchors"), question)


SAME_PROBE = 0.7


def _anchors(place: Place, question: Question) -> Iterator[Placed]:
    if missing := [level for level in LEVELS_NEEDED if level not in question.anchors]:
        why = f"no anchor for level {', '.join(map(str, missing))}"
        better = "; ".join(f"{level}: {_ANCHOR[level]}" for level in missing)
        yield place, Fault("anchors", why, "describe what an answer at that level says", better)
    levels = sorted(question.anchors)
    for lower, upper in pairwise(levels):
        if alike(question.anchors[lower], question.anchors[upper]) >= ALIKE_ANCHORS:
            why, fix = (
                f"reads like the anchor of level {lower}",
                "say what the higher level has and the lower has not",
            )
            yield (*place, upper), Fault("anchors", why, fix, f"{upper}: as {lower}, and ...")
    for level, text in question.anchors.items():
        for risk in [*risky(text), *risks_of(text)]:
            why = f"rewards what must not count: it is about {risk.about}"
            yield (*place, level), Fault("risky", why, risk.instead, risk.better)


_ANCHOR = {
    1: "nothing of it, or general talk",
    3: "one real case with some of it",
    5: "all of it, with figures",
}


def _repeated(script: Script) -> Iterator[Placed]:
    for earlier, later in near_duplicates([question.text for question in script.questions]):
        why = f"asks what `{script.questions[earlier].id}` asks"
        fix = "ask for something else, or leave it out"
        yield (
            ("questions", later, "text"),
            Fault("repeated", why, fix, "(another competency of the job analysis)"),
        )


def _competencies(script: Script, rows: Collection[str]) -> Iterator[Placed]:
    asked = {question.competency for question in script.questions}
    tasks = script.job_analysis.tasks
    for index, competency in enumerate(script.competencies):
        place: Place = ("competencies", index)
        if competency.id not in asked:
            why = f"no question asks for `{competency.id}`"
            yield (
                place,
                Fault("competency", why, "write a question, or leave it out", f"competency: {competency.id}"),
            )
        if len(competency.evidence.split()) < EVIDENCE_WORDS:
            why = "does not say what in an answer counts"
            better = "A case, what the candidate did in it themselves, and what came of it."
            yield (*place, "evidence"), Fault("competency", why, "describe what one would hear", better)
        if competency.job_task not in tasks:
            why, fix = "is no task of the job analysis", "copy one of its tasks word for word"
            yield (*place, "job_task"), Fault("competency", why, fix, tasks[0])
        for number, row in enumerate(competency.rows):
            if row not in rows:
                why, fix = f"no rubric has the row `{row}`", f"use one of: {', '.join(sorted(rows))}"
                yield (*place, "rows", number), Fault("row", why, fix, "screen.background")
        yield from (((*place, "evidence"), fault) for fault in lawful_faults(competency.evidence))


def _time(script: Script) -> Iterator[Placed]:
    for index, question in enumerate(script.questions):
        least = ANSWER_MINUTES + PROBE_MINUTES * len(question.probes)
        if question.minutes < least:
            why = f"{question.minutes:g} minutes are too few for an answer and {len(question.probes)} probes"
            fix = f"give it {least:g}, or leave out a probe"
            yield ("questions", index, "minutes"), Fault("time", why, fix, f"minutes: {least:g}")
    needed = OPENING_MINUTES + CLOSING_MINUTES + KNOCKOUT_MINUTES * len(script.knockouts)
    needed += script.candidate_questions.minutes + sum(question.minutes for question in script.questions)
    if needed > script.minutes:
        why = f"the parts take {needed:g} minutes, and candidates are told {script.minutes:g}"
        yield (
            ("minutes",),
            Fault("time", why, "leave out a question, or announce more", f"minutes: {-(-needed // 5) * 5:g}"),
        )
    elif needed < (1 - SPARE) * script.minutes:
        why = f"the parts take {needed:g} minutes only, and candidates are told {script.minutes:g}"
        yield ("minutes",), Fault("time", why, "announce less", f"minutes: {-(-needed // 5) * 5:g}")


def _fact_findings(draft: ScriptDraft) -> Iterator[Finding]:
    if draft.facts is None:
        return
    for index, fact in enumerate(draft.facts.model.facts):
        asks = "?" in fact.answer  # what only tells, such as a rule for parental leave, asks for nothing
        for fault in spoken_faults(fact.answer):
            if fault.kind in ("unlawful", "risky") and not asks:
                continue
            problem: Problem = draft.facts.problem(("facts", index, "answer"), fault.why, fault.fix)
            yield Finding(fault.kind, problem, fault.better)
