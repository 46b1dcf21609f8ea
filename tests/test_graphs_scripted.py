"""A screening script is played by the interview's own graph: same words, same order, consent before anything."""

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from graphs.deps import Deps
from graphs.interview import Interview
from graphs.models import Utterance
from graphs.plan import Plan
from graphs.scripted import agrees, plan_of_script, withdraws
from knowledge.loader import Content
from knowledge.screening.loader import load_script
from tests.fakes import FakeLanguageModel

NAME = "recruiter-screen-staff-ml"
LOADED = load_script(NAME)
SCRIPT = LOADED.script
FULL = (
    "I built and led the ranking model for five years; it ran in production for three million users, because we "
    "needed it, and for example I decided to run an experiment with our team in Python and Airflow, and sales rose by "
    "two percent."
)


class Call:
    """One conversation, turn by turn."""

    def __init__(self, interview: Interview) -> None:
        self.interview = interview
        self.number = 0

    async def begin(self) -> list[Utterance]:
        return [u async for u in self.interview.begin()]

    async def says(self, text: str) -> list[Utterance]:
        self.number += 1
        return [u async for u in self.interview.hear(text, turn=f"c{self.number}")]


async def called(content: Content, plan: Plan | None = None) -> tuple[Call, FakeLanguageModel]:
    language = FakeLanguageModel(judge=lambda _: 9.0)
    deps = Deps(guide=content.guide, topics=content.topics, banks=content.banks, language=language)
    interview = await Interview.open(InMemorySaver(), deps, session="s", plan=plan or plan_of_script(LOADED))
    call = Call(interview)
    return call, language


async def agreed(content: Content) -> Call:
    call, _ = await called(content)
    await call.begin()
    await call.says("Yes, I agree.")
    return call


def texts(said: list[Utterance]) -> list[str]:
    return [utterance.text for utterance in said]


async def test_disclosure_and_consent_come_before_any_question(content: Content) -> None:
    call, _ = await called(content)
    (first,) = await call.begin()
    assert first.text.startswith(SCRIPT.consent.disclosure)
    assert first.text.endswith(SCRIPT.consent.ask)
    view = await call.interview.view()
    assert (view.consent, view.script, view.answers) == (None, LOADED.version, [])
    said = await call.says("Yes, that's fine.")
    assert texts(said)[-1] == SCRIPT.knockouts[0].text
    assert (await call.interview.view()).consent == "given"


async def test_a_refusal_offers_a_person_and_ends(content: Content) -> None:
    call, _ = await called(content)
    await call.begin()
    said = await call.says("No, I'd rather talk to a person.")
    assert texts(said) == [SCRIPT.consent.refused]
    view = await call.interview.view()
    assert (view.consent, view.finished, view.answers) == ("refused", True, [])


async def test_neither_small_talk_nor_silence_counts_as_consent(content: Content) -> None:
    call, _ = await called(content)
    await call.begin()
    for text in ("The weather is lovely here.", "Yes, but not the recording."):
        (again,) = await call.says(text)
        assert again.text.endswith(SCRIPT.consent.ask)
        assert (await call.interview.view()).consent is None
    [u async for u in call.interview.silence(90.0)]
    assert (await call.interview.view()).consent is None
    assert texts(await call.says("I had fish for lunch.")) == [SCRIPT.consent.refused]


async def test_a_question_about_the_consent_is_answered_and_the_consent_asked_again(content: Content) -> None:
    call, _ = await called(content)
    await call.begin()
    said = texts(await call.says("Who will hear the recording?"))
    assert said == [SCRIPT.candidate_questions.unknown, SCRIPT.consent.ask]


async def test_consent_can_be_taken_back_amid_the_script(content: Content) -> None:
    call = await agreed(content)
    await call.says("Yes, I would.")
    said = await call.says("I'm sorry, I withdraw my consent.")
    assert texts(said) == [SCRIPT.consent.refused]
    view = await call.interview.view()
    assert (view.consent, view.finished) == ("refused", True)


async def test_consent_that_is_taken_back_in_the_last_words_of_a_sitting_is_taken_back(
    content: Content,
) -> None:
    call = await agreed(content)
    await call.says("Yes, I would.")
    await call.interview.keep("I'm sorry, I withdraw my consent.", turn="cut-off")
    view = await call.interview.view()
    assert (view.consent, view.finished) == ("refused", True)


@pytest.mark.parametrize(
    "text",
    [
        "I no longer agree to this.",
        "I don't want to be recorded any more.",
        "Please delete everything I've said.",
        "Could you please delete my recording?",
        "Stop recording me, please.",
        "I'd like to take back my agreement.",
        "Sorry, I do not consent anymore.",
    ],
)
def test_consent_is_taken_back_in_many_words(text: str) -> None:
    assert withdraws(text)


@pytest.mark.parametrize(
    "text",
    [
        "I don't agree with that approach.",
        "I do not agree that offline metrics are enough.",
        "We delete everything after thirty days.",
        "Users could withdraw their consent in the settings, and my team built that.",
        "I had to delete my data pipeline and start again.",
        "We had to stop recording events for a day.",
        "I built the service for it: a user writes I withdraw my consent, and all recordings are gone within a day.",
        "Then I had to delete my data.",
        "Can we stop here?",
        "I told them to remove the conversation feature.",
    ],
)
def test_what_only_speaks_of_consent_or_deletion_is_an_answer(text: str) -> None:
    assert not withdraws(text)


async def test_everybody_is_asked_the_same_in_the_same_order(content: Content) -> None:
    asked = []
    for answer in (FULL, "I don't know.", "Skip this one, please."):
        call = await agreed(content)
        for _ in range(60):
            if (await call.interview.view()).finished:
                break
            last = (await call.interview.view()).turns[-1]
            await call.says("No, that's all, thank you." if last.kind == "invitation" else answer)
        view = await call.interview.view()
        assert view.finished
        asked.append([turn.text for turn in view.turns if turn.kind == "question"])
    assert asked[0] == asked[1] == asked[2]
    assert asked[0] == [*(k.text for k in SCRIPT.knockouts), *(q.text for q in SCRIPT.questions)]


async def test_no_model_has_a_word_in_it(content: Content) -> None:
    call, language = await called(content)
    await call.begin()
    await call.says("Yes.")
    for _ in range(8):
        await call.says(FULL)
    assert language.calls == []


async def test_a_knock_out_is_recorded_and_never_rejects(content: Content) -> None:
    call = await agreed(content)
    said = texts(await call.says("Yes, I would."))
    assert said[-1] == SCRIPT.knockouts[1].text
    said = texts(await call.says("No."))
    assert said[-1] == SCRIPT.questions[0].text
    answers = (await call.interview.view()).answers
    assert [(a.question, a.text, a.rows) for a in answers if a.complete] == [
        (f"{NAME}/k1", "Yes, I would.", []),
        (f"{NAME}/k2", "No.", []),
    ]


async def test_probes_are_asked_as_written_and_only_where_evidence_is_missing(content: Content) -> None:
    call = await agreed(content)
    await call.says("Yes.")
    await call.says("Yes.")
    first, second = SCRIPT.questions[0].probes
    assert texts(await call.says("Ranking, mostly.")) == [first]
    assert texts(await call.says("Some of it.")) == [second]
    said = texts(await call.says("Things changed."))
    assert said[-1] == SCRIPT.questions[1].text
    said = texts(await call.says(FULL))
    assert said[-1] == SCRIPT.questions[2].text


async def test_the_candidate_may_have_it_repeated_pause_and_skip(content: Content) -> None:
    call = await agreed(content)
    await call.says("Yes.")
    await call.says("Yes.")
    assert texts(await call.says("Could you repeat that, please?"))[0].endswith(SCRIPT.questions[0].text)
    await call.says("Can we pause for a moment?")
    assert (await call.interview.view()).paused
    assert texts(await call.says("I'm back."))[0].endswith(SCRIPT.questions[0].text)
    assert texts(await call.says("What do you mean by that?"))[0].endswith(SCRIPT.questions[0].text)
    said = texts(await call.says("Skip this one, please."))
    assert said[-1] == SCRIPT.questions[1].text
    assert (await call.interview.view()).answers[-1].skipped


async def test_only_the_facts_are_told_and_everything_else_is_passed_on(content: Content) -> None:
    call = await agreed(content)
    for _ in range(len(SCRIPT.knockouts) + len(SCRIPT.questions)):
        said = await call.says("Skip this one, please.")
    assert said[-1].text == SCRIPT.candidate_questions.invite
    facts = {fact.id: fact.answer for fact in LOADED.facts}
    assert texts(await call.says("Do you support relocation?"))[0] == facts["relocation"]
    assert texts(await call.says("How many rounds of interviews are there?"))[0] == facts["process"]
    assert texts(await call.says("What is a squad at Spotify?"))[0] == SCRIPT.candidate_questions.unknown
    assert texts(await call.says("No, that's all.")) == [SCRIPT.closing]


async def test_extra_time_changes_the_time_and_nothing_else(content: Content) -> None:
    usual, longer = plan_of_script(LOADED), plan_of_script(LOADED, extra_time=True)
    assert longer.budget_s == 1.5 * usual.budget_s
    assert longer.stages[0].patience_s == 1.5 * usual.stages[0].patience_s
    assert longer.script == usual.script


@pytest.mark.parametrize(
    "text",
    ["Yes.", "Sure, go ahead.", "I agree", "Um, hi, yes, okay, I'm ready.", "I don't mind at all", "No problem.",
     "That works for me.", "Hello, good to meet you. Yes, let's start.", "Yes, I consent to that.", "why not",
     "By all means.", "I accept", "Mm-hmm", "I do.", "Yes, I agree. What happens next?", "Not a problem, let's begin"],
)  # fmt: skip
def test_a_yes_is_understood(text: str) -> None:
    assert agrees(text) is True


@pytest.mark.parametrize(
    "text",
    ["No.", "No thanks, I'd rather talk to a human.", "I do not agree.", "I'm not okay with that.",
     "I'd prefer a person", "I don't want that.",
     "Stop.", "I refuse", "Of course not.", "absolutely not", "I withdraw", "I am against it",
     "I would like to speak to a person", "Can I talk to a human instead?", "Yes, I'd like to talk to a real person"],
)  # fmt: skip
def test_a_no_is_understood(text: str) -> None:
    assert agrees(text) is False


@pytest.mark.parametrize(
    "text",
    ["Hello?", "Yes, but I don't want to be recorded.", "Who are you?", "Hmm.", "I'm not sure.",
     "Do I have to agree?", "do i have to agree", "What does consent mean?", "Is that okay for everybody?",
     "Okay, what happens with the recording?", "What if I don't agree?", "Are you sure?", "so is it okay if i eat"],
)  # fmt: skip
def test_what_is_neither_is_not_taken_for_a_yes(text: str) -> None:
    assert agrees(text) is None
