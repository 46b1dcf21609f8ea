from dataclasses import replace

import pytest

from graphs.checks import Context, Fault, clean, faults

CONTEXT = Context(
    said="I built an encoder that maps transcripts to vectors, and recall on new shows doubled.",
    question="Tell me about a system you made for items without history.",
    by_hand="What was the simplest baseline you compared against?",
    asked=[
        "Tell me about a system you made for items without history.",
        "Which team used the vectors first?",
    ],
    material=["Allocate exploration by Thompson sampling with hierarchical priors from artist and genre."],
    terms=["Thompson sampling", "DropoutNet"],
    ordinary=frozenset(["compar", "simpl", "team", "chang"]),
)
FINE = "You mentioned the encoder for transcripts. What was the simplest baseline you compared against?"


def test_a_follow_up_about_what_was_said_passes() -> None:
    assert faults(FINE, CONTEXT) == []


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        ("not one question", "You mentioned the encoder. Tell me about the baseline."),
        ("not one question", "What did the encoder replace? And what was the baseline?"),
        ("not one question", "What did the encoder replace? Take your time."),
        ("too long", "You mentioned the encoder " + "and the vectors " * 12 + "so what was the baseline?"),
        ("too short", "And the encoder?"),
        ("praise", "Great encoder! What was the simplest baseline you compared against?"),
        ("judgement", "You didn't mention why the encoder worked. What was the baseline?"),
        ("names the grading", "For a staff-level score, what would the encoder have needed?"),
        ("names the grading", "What ownership did you have over the encoder of transcripts?"),
        ("leaks the material", "Did the encoder use Thompson sampling to explore new shows?"),
        ("leaks the material", "Did the encoder take hierarchical priors for new shows?"),
        ("leaks the material", "How did the encoder reach a recall of 40 on shows?"),
        ("not about what was said", "What was the simplest baseline you compared against?"),
        ("asked before", "Which team used the vectors of shows first?"),
        ("not speech", "**Encoder**: what was the simplest baseline?"),
        ("not speech", "Sure, what was the simplest baseline for the encoder?"),
        ("not speech", "Encoder: what was the simplest baseline for shows?"),
    ],
)
def test_each_rule_is_enforced(fault: Fault, text: str) -> None:
    assert fault in faults(text, CONTEXT)


def test_words_of_the_candidate_or_the_hand_written_question_are_no_leak() -> None:
    said = replace(CONTEXT, said=CONTEXT.said + " We used Thompson sampling.")
    text = "You mentioned Thompson sampling and the encoder. What was the simplest baseline you compared against?"
    assert faults(text, said) == []


def test_a_reply_is_stripped_of_quotes_and_a_speaker() -> None:
    assert clean('Interviewer: "What was the baseline?"\nExplanation') == "What was the baseline?"
