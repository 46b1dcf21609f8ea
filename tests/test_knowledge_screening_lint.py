"""Planted faults are found where they stand, and what only looks like one is left alone."""

from pathlib import Path

import pytest
import yaml

from knowledge.lawful import LIST, read_risks
from knowledge.screening.lint import lint
from knowledge.screening.loader import SHIPPED, shipped_scripts
from knowledge.screening.wording import RISKY, asked_faults, probe_faults, question_faults
from rubrics.loader import shipped_rubrics

ROWS = {f"{rubric.id}.{row.id}" for rubric in shipped_rubrics().values() for row in rubric.rows}
NAME = "recruiter-screen-staff-ml"
Q3 = "Tell me about a piece of work that you started although nobody had asked you to."
Q5 = "What makes you want to do this work at a music streaming company?"
PROBE = "What did you decide yourself?"

PLANTED = {
    # kind of fault: kind of finding, what is replaced, and by what
    "missing field": ("schema", "retention_days: 180\n", ""),
    "misspelt field": ("schema", "closing: >-", "closeing: >-"),
    "wrong type": ("schema", "retention_days: 180", "retention_days: half a year"),
    "three probes": ("schema", f"      - {PROBE}\n", f"      - {PROBE}\n      - Who helped?\n"),
    "id given twice": ("schema", "id: q2\n", "id: q1\n"),
    "unknown competency": ("schema", "    competency: stack\n", "    competency: stak\n"),
    "no file of facts": ("schema", "facts/music-staff-ml.yaml\n  unknown", "facts/none.yaml\n  unknown"),
    "age": ("unlawful", Q5, "In what year did you graduate, and where: what year did you graduate?"),
    "family": ("unlawful", Q5, "How would your family take to a move?"),
    "health": ("unlawful", Q5, "How many sick days did you take last year?"),
    "religion": ("unlawful", Q5, "Which church do you belong to?"),
    "origin": ("unlawful", Q5, "Where are you originally from?"),
    "salary history": ("unlawful", Q5, "What is your current salary?"),
    "arrest": ("unlawful", Q5, "What would we find in your criminal record?"),
    "protected trait in a knock-out": (
        "unlawful",
        "Could you work from our Stockholm office on two days in most weeks?",
        "Are you planning to have children?",
    ),
    "protected trait in a probe": ("unlawful", PROBE, "Was your husband in favour of it?"),
    "stand-in for a trait": ("risky", Q5, "What would make you a culture fit with our young team?"),
    "leading question": ("leading", Q5, "Don't you think that music is the best field for this work?"),
    "leading tag": ("leading", PROBE, "You did all of it yourself, right?"),
    "double question": (
        "double",
        Q3,
        "What have you started unasked, and how did you convince your team of it?",
    ),
    "two question marks": ("double", PROBE, "What did you decide? Who agreed?"),
    "closed question": ("closed", Q3, "Have you ever started something that nobody had asked for?"),
    "long sentence": (
        "reading",
        Q3,
        "Tell me about a piece of work that you started although nobody in your team or in any of the teams around it "
        "had asked you to do so, and that later turned out to be of use to somebody outside of it.",
    ),
    "hard words": (
        "reading",
        Q3,
        "Characterise an organisational responsibility initiative autonomously instantiated notwithstanding "
        "insufficient institutional authorisation.",
    ),
    "anchor missing": ("anchors", "      1: No experiment.\n", ""),
    "anchors alike": (
        "anchors",
        "2: Talk about experiments in general.",
        "2: One experiment and its result.",
    ),
    "anchor about manner": (
        "risky",
        "2: Talk about experiments in general.",
        "2: Sounds nervous and hesitates.",
    ),
    "anchor about prestige": (
        "risky",
        "2: Talk about experiments in general.",
        "2: Not from an Ivy League school.",
    ),
    "time does not fit": ("time", "minutes: 30\n", "minutes: 20\n"),
    "time far too long": ("time", "minutes: 30\n", "minutes: 60\n"),
    "question too short for its probes": ("time", "    minutes: 4.5\n", "    minutes: 2\n"),
    "competency without a question": (
        "competency",
        "    competency: experiments\n",
        "    competency: initiative\n",
    ),
    "competency without evidence": (
        "competency",
        "evidence: An experiment that decided something, the candidate's part, what followed, and what is hard about "
        "it.",
        "evidence: Experience.",
    ),
    "competency beside the job analysis": (
        "competency",
        "job_task: Let controlled experiments decide, also against one's own idea.",
        "job_task: Be curious.",
    ),
    "unknown row": ("row", "rows: [screen.stack]", "rows: [screen.tools]"),
    "probe gives the answer away": (
        "gives-away",
        "Where did one of them let you down?",
        "Which limit did you run into, and which several tools fell short in production?",
    ),
    "probe praises": ("praise", PROBE, "That's a great example, what did you decide?"),
    "probe speaks of scores": ("grading", PROBE, "What would raise your score here?"),
    "probe repeats the question": (
        "repeated",
        PROBE,
        "Which piece of work have you started although nobody had asked you to?",
    ),
    "question asked twice": (
        "repeated",
        "Tell me about an experiment whose result went against what you had expected.",
        Q3,
    ),
    "AI not disclosed": ("disclosure", "I'm an AI, not a person, and", "I'm a colleague, and"),
    "recording not disclosed": ("disclosure", "What you say is recorded and written down. ", ""),
    "retention not disclosed": (
        "disclosure",
        "Everything is deleted after 180 days",
        "Everything is deleted after 90 days",
    ),
    "consent is no question": ("consent", "Do you agree to go on in this way?", "Let us begin then."),
    "refusal leads nowhere": (
        "consent",
        "talent@northwave.example for a time. I keep",
        "us for a time. I keep",
    ),
    "typing is not offered": ("accommodations", "you can type instead of speaking, and", "and"),
    "typing is withheld": ("accommodations", "typed_answers: true", "typed_answers: false"),
    "knock-out rejects": (
        "knockout",
        "Yes, or yes after a move; a person talks to everybody who says no.",
        "Yes; else reject.",
    ),
    "unknown is guessed": (
        "facts",
        "I don't know that, so I will pass it on to the recruiting team, who will answer you in writing.",
        "I would guess that it is as usual.",
    ),
    "closing promises": ("closing", "Thank you, that was all from me.", "Thank you, you did very well."),
    "manner may count": ("not-scored", "  - Accent, grammar, fluency, pace, pauses and filler words.\n", ""),
    "too little evidence": ("evidence-rule", "answered_at_least: 4", "answered_at_least: 1"),
    "kept for years": ("retention", "retention_days: 180", "retention_days: 700"),
    "a machine decides": (
        "decision",
        "The recruiter named in the review, after rating the answers themselves",
        "The scoring system",
    ),
    "no job analysis": (
        "job-analysis",
        "reference: Job analysis ML-STAFF-07, filed with the hiring team in March 2026",
        "reference: TODO",
    ),
}


def planted(folder: Path, old: str, new: str) -> tuple[Path, int]:
    """The recruiter's script with one fault, and the line on which it begins."""
    text = (SHIPPED / f"{NAME}.yaml").read_text(encoding="utf-8")
    assert old in text
    (folder / "facts").mkdir()
    facts = SHIPPED / "facts" / "music-staff-ml.yaml"
    (folder / "facts" / facts.name).write_text(facts.read_text(encoding="utf-8"), encoding="utf-8")
    file = folder / "script.yaml"
    quoted = f'"{new}"' if ": " in new and "\n" not in new and old in (Q3, Q5) else new
    file.write_text(text.replace(old, quoted, 1), encoding="utf-8")
    return file, text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize("name", shipped_scripts())
def test_the_shipped_scripts_raise_no_alarm(name: str) -> None:
    assert [str(finding) for finding in lint(name, ROWS)] == []


@pytest.mark.parametrize(("kind", "old", "new"), PLANTED.values(), ids=PLANTED.keys())
def test_a_planted_fault_is_found_near_its_line(tmp_path: Path, kind: str, old: str, new: str) -> None:
    file, line = planted(tmp_path, old, new)
    found = [f for f in lint(file, ROWS) if f.kind == kind]
    assert found, [str(f) for f in lint(file, ROWS)]
    assert any(abs((f.problem.line or 0) - line) <= NEAR.get(old, LONGEST_TEXT_LINES) for f in found), [
        f.problem.line for f in found
    ]
    assert all(f.problem.fix for f in found)


LONGEST_TEXT_LINES = 6
NEAR = {
    "retention_days: 180\n": 999,  # a missing field has no line but that of the whole
    "closing: >-": 999,
    "    competency: experiments\n": 999,  # complained of where the competency is described
}


def test_every_finding_about_words_offers_better_ones(tmp_path: Path) -> None:
    file, _ = planted(tmp_path, Q5, "Don't you think that you are too old for it, and how is your health?")
    found = [f for f in lint(file, ROWS) if f.kind != "schema"]
    assert {f.kind for f in found} >= {"unlawful", "leading", "double"}
    assert all(f.better for f in found)


@pytest.mark.parametrize("file", [LIST, RISKY])
def test_the_better_words_are_themselves_without_fault(file: Path) -> None:
    better = [risk.better for risk, _ in read_risks(file) if not risk.better.startswith("(")]
    assert better
    assert {text: [f.kind for f in asked_faults(text)] for text in better} == {text: [] for text in better}


@pytest.mark.parametrize(
    "text",
    [
        "Tell me about a cache whose entries were too old to be useful.",
        "Please describe a model that treats the age group as a feature.",
        "How did you decide what to monitor in the family of models you ran?",
        "What did the people who used it do differently afterwards?",
        "Tell me about a time when you and a colleague disagreed and had to settle it.",
        "How would you check whether a ranking is fair to artists of every gender?",
        "Which languages do you use for data pipelines and services?",
        "What did you learn about how listeners and creators behave?",
        "Tell me about a system that failed because its health checks were wrong.",
        "Please walk me through a decision that you would take differently today.",
        "What was the most religiously followed rule in your code reviews?",
        "How did you handle a union of two data sets that did not match?",
        "Tell me about a parent process that left its children running.",
        "What makes a good alert, in your experience?",
    ],
)
def test_a_question_that_only_sounds_like_a_fault_is_left_alone(text: str) -> None:
    assert [fault.kind for fault in question_faults(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "Can you get to the site by six in the morning?",
        "Will you need a work permit for this job?",
        "Do you hold a driving licence for lorries?",
    ],
)
def test_a_knock_out_may_be_answered_with_yes_or_no(text: str) -> None:
    assert [fault.kind for fault in asked_faults(text)] == []


def test_a_neutral_probe_gives_nothing_away() -> None:
    anchors = ["Several tools in one running pipeline, a limit they met, and how they close gaps."]
    question = "Please describe the pipeline behind a model of yours."
    for probe in ("Where did it break?", "What did each tool do in it?", "What came of it?"):
        assert list(probe_faults(probe, question, anchors)) == []


def test_a_fact_that_tells_of_a_benefit_asks_for_nothing(tmp_path: Path) -> None:
    file, _ = planted(tmp_path, Q5, Q5)
    facts = tmp_path / "facts" / "music-staff-ml.yaml"
    told = "  - id: leave\n    ask: [Is there parental leave?, How long is parental leave?]\n    answer: "
    text = facts.read_text(encoding="utf-8").rstrip()
    facts.write_text(f"{text}\n{told}Parental leave is six months.\n", encoding="utf-8")
    assert lint(file, ROWS) == []
    facts.write_text(f"{text}\n{told}It is six months. Are you pregnant?\n", encoding="utf-8")
    assert [finding.kind for finding in lint(file, ROWS)] == ["unlawful"]


WORDINGS = yaml.safe_load(
    (Path(__file__).parent / "golden" / "lint_wordings.yaml").read_text(encoding="utf-8")
)


def kinds_of(text: str) -> set[str]:
    return {fault.kind for fault in question_faults(text)}


@pytest.mark.parametrize("about", WORDINGS["unlawful"])
def test_unlawful_questions_are_found_in_other_words_too(about: str) -> None:
    missed = [text for text in WORDINGS["unlawful"][about] if not kinds_of(text) & {"unlawful", "risky"}]
    assert missed == []


@pytest.mark.parametrize("kind", ["leading", "double"])
def test_leading_and_double_questions_are_found_in_other_words_too(kind: str) -> None:
    assert [text for text in WORDINGS[kind] if kind not in kinds_of(text)] == []


@pytest.mark.parametrize(
    ("harmless", "alarms"),
    [
        ("harmless", {"unlawful", "risky", "leading", "double"}),
        ("not_leading", {"leading"}),
        ("not_double", {"double"}),
    ],
)
def test_near_misses_raise_no_alarm(harmless: str, alarms: set[str]) -> None:
    assert {text: found for text in WORDINGS[harmless] if (found := kinds_of(text) & alarms)} == {}


@pytest.mark.parametrize("kind", ["leading", "double"])
def test_the_better_wording_of_a_question_is_not_at_fault_in_the_same_way(kind: str) -> None:
    better = [
        fault.better for text in WORDINGS[kind] for fault in question_faults(text) if fault.kind == kind
    ]
    assert [text for text in better if kind in kinds_of(text)] == []
