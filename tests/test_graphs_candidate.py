"""What a simulated candidate says to each thing an interviewer may say."""

from dataclasses import dataclass

import pytest

from graphs.answerbook import AnswerBook, load_answers
from graphs.candidate import SimulatedCandidate, Spoken
from graphs.models import Utterance, UtteranceKind, View
from graphs.persona import Persona, load_persona
from knowledge.loader import Content

QUESTION = "feedback/q1"
UNSEEN = "feedback/q6"
RESULT_PROBE = "How could somebody else have noticed the difference?"
VIEW = View(
    session="s",
    loop="full",
    stages=["behavioral"],
    stage="behavioral",
    question=None,
    question_text=None,
    turns=[],
    answers=[],
    paused=False,
    finished=False,
    elapsed_s=0.0,
    budget_s=600.0,
    patience_s=1.2,
)


@dataclass(frozen=True)
class Casting:
    content: Content
    answers: AnswerBook

    def __call__(
        self, persona: str | Persona, *, seed: int = 1, short: bool | None = None
    ) -> SimulatedCandidate:
        who = load_persona(persona) if isinstance(persona, str) else persona
        return SimulatedCandidate(who, self.answers, self.content, seed, short=short)


@pytest.fixture(scope="module")
def cast(content: Content) -> Casting:
    return Casting(content, load_answers())


def calm(name: str, **behaviour: float) -> Persona:
    """A persona without chance: it answers at once, and without fillers."""
    persona = load_persona(name)
    never = {"asks_to_repeat": 0.0, "asks_for_a_minute": 0.0, "says_it_is_done": 0.0, "interrupts": 0.0}
    return persona.model_copy(
        update={
            "behaviour": persona.behaviour.model_copy(update={**never, "answers_a_probe": 1.0, **behaviour}),
            "manner": persona.manner.model_copy(update={"fillers_per_100_words": 0.0}),
        }
    )


def says(
    kind: UtteranceKind, text: str = "Go on.", *, turn: str = "", question: str | None = None
) -> Utterance:
    return Utterance(turn=turn or kind, kind=kind, text=text, question=question)


def ask(question: str = QUESTION) -> list[Utterance]:
    return [says("acknowledgement"), says("question", turn=f"asked {question}", question=question)]


def probe(text: str = RESULT_PROBE, question: str = QUESTION) -> list[Utterance]:
    return [says("probe", text, turn=text, question=question)]


def reply(candidate: SimulatedCandidate, said: list[Utterance], view: View = VIEW) -> str:
    spoken = candidate.reply(view, said)
    assert spoken is not None
    return spoken.text


def test_a_greeting_is_returned(cast: Casting) -> None:
    assert reply(cast("strong"), [says("greeting")]) in load_persona("strong").behaviour.greeting


@pytest.mark.parametrize("name", ["strong", "mixed", "weak"])
def test_an_authored_question_gets_its_authored_answer(cast: Casting, name: str) -> None:
    persona = calm(name)
    authored = cast.answers.authored[QUESTION].at(persona.answering.level)
    assert reply(cast(persona), ask()) == authored.text
    assert reply(cast(persona, short=True), ask()) == (authored.demo or authored.text)


def test_a_follow_up_gets_the_addition_on_its_row_and_only_once(cast: Casting) -> None:
    candidate = cast(calm("strong"))
    authored = cast.answers.authored[QUESTION].strong
    reply(candidate, ask())
    assert reply(candidate, probe()) == authored.probes["star.result"]
    assert (
        reply(candidate, probe("Did you ever go back to that person, and what did they say?"))
        != (authored.probes["star.result"])
    )


def test_a_question_nobody_wrote_an_answer_for_is_answered_too(cast: Casting) -> None:
    said = reply(cast(calm("strong")), ask(UNSEEN))
    assert len(said.split()) > 80


def test_a_question_from_outside_the_bank_is_answered_too(cast: Casting) -> None:
    assert len(reply(cast(calm("mixed")), ask("my-topic/q1")).split()) > 20


def test_a_coding_problem_is_talked_through(cast: Casting) -> None:
    problem = next(iter(cast.content.problems.values()))
    assert len(reply(cast(calm("strong")), ask(f"{problem.topic}/{problem.id}")).split()) > 40


def test_a_candidate_who_asked_for_a_repetition_then_answers(cast: Casting) -> None:
    candidate = cast(calm("mixed", asks_to_repeat=1.0))
    assert "again" in reply(candidate, ask()) or "repeat" in reply(candidate, ask())
    said = reply(candidate, [says("repeat", question=QUESTION)])
    assert said == cast.answers.authored[QUESTION].mixed.text


def test_a_candidate_who_asked_for_a_minute_takes_it(cast: Casting) -> None:
    candidate = cast(calm("mixed", asks_for_a_minute=1.0))
    reply(candidate, ask())
    spoken = candidate.reply(VIEW, [says("acknowledgement", "Take your time.")])
    assert isinstance(spoken, Spoken)
    assert spoken.think_s >= 8
    assert spoken.text == cast.answers.authored[QUESTION].mixed.text


def test_being_asked_for_more_is_answered_with_more(cast: Casting) -> None:
    candidate = cast(calm("mixed"))
    first = reply(candidate, ask())
    more = reply(candidate, [says("nudge", "Could you tell me a bit more about that?", question=QUESTION)])
    assert more in cast.answers.authored[QUESTION].mixed.probes.values()
    assert more != first


def test_own_questions_come_at_the_end_and_then_no_more(cast: Casting) -> None:
    persona = calm("strong")
    candidate = cast(persona)
    said = [reply(candidate, [says("reply"), says("invitation", turn=f"i{n}")]) for n in range(3)]
    assert said[0] in persona.behaviour.questions
    assert said[1] in persona.behaviour.questions
    assert said[0] != said[1]
    assert said[2].startswith("No")


def test_a_pause_is_ended_and_nothing_is_said_after_the_end(cast: Casting) -> None:
    candidate = cast("strong")
    assert candidate.reply(VIEW.model_copy(update={"paused": True}), []) is not None
    assert candidate.reply(VIEW.model_copy(update={"finished": True}), [says("closing")]) is None


def test_a_silent_candidate_lets_two_silences_pass_and_then_skips(cast: Casting) -> None:
    persona = load_persona("silent")
    mute = persona.model_copy(
        update={"answering": persona.answering.model_copy(update={"nothing": 1.0, "instead": 0.0})}
    )
    candidate = cast(mute)
    assert candidate.reply(VIEW, ask()) is None
    assert candidate.reply(VIEW, [says("nudge")]) is None
    assert "skip" in reply(candidate, [says("nudge")])


def test_an_off_topic_candidate_never_says_the_same_twice(cast: Casting) -> None:
    candidate = cast(calm("off-topic"))
    bank = [f"{bank.topic}/{q.id}" for bank in cast.content.banks.values() for q in bank.questions]
    said = [reply(candidate, ask(question)) for question in bank[:60]]
    assert len(set(said)) == 60


def test_a_manipulative_candidate_mixes_attacks_with_weak_answers(cast: Casting) -> None:
    candidate = cast(calm("manipulative"))
    lines = load_persona("manipulative").answering.lines
    bank = [f"{bank.topic}/{q.id}" for bank in cast.content.banks.values() for q in bank.questions]
    said = [reply(candidate, ask(question)) for question in bank[:18]]
    attacks = [text for text in said if any(text.startswith(line) for line in lines)]
    assert 10 <= len(attacks) < 18
    assert any(text not in lines for text in attacks)


def test_the_same_seed_says_the_same_and_another_one_does_not(cast: Casting) -> None:
    questions = [f"cold-start/q{n}" for n in range(1, 6)]
    said = [[reply(cast("nervous", seed=seed), ask(q)) for q in questions] for seed in (4, 4, 5)]
    assert said[0] == said[1] != said[2]


def test_a_candidate_can_take_over_in_the_middle_of_an_interview(cast: Casting) -> None:
    question = cast.content.banks["feedback"].questions[0]
    view = VIEW.model_copy(update={"question": QUESTION, "question_text": question.text})
    asked_again = [says("resume"), says("repeat", question.text, question=QUESTION)]
    probed_again = [says("resume"), says("repeat", RESULT_PROBE, question=QUESTION)]
    strong = cast.answers.authored[QUESTION].strong
    assert reply(cast(calm("strong")), asked_again, view) == strong.text
    assert reply(cast(calm("strong")), probed_again, view) == strong.probes["star.result"]


def test_an_interruption_comes_without_a_thinking_pause(cast: Casting) -> None:
    spoken = cast(calm("rambling", interrupts=1.0)).reply(VIEW, ask())
    assert spoken is not None
    assert spoken.barge_in
    assert spoken.think_s == 0.0
