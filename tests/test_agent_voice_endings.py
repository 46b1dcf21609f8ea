import pytest

from agent.voice.endings import ending, yields_the_floor


@pytest.mark.parametrize(
    "text",
    [
        "We cut the latency of the service by half.",
        "We had it fixed by the end of the week.",
        "If it is late, we show the popular songs of the country.",
        "Since then nobody has had to wait.",
        "After a month, everybody knew what we did.",
        "I told them why.",
    ],
)
def test_whole_sentences_sound_finished(text: str) -> None:
    assert ending(f"It had no owner, and so the two of us took it on. {text}") == "finished"


@pytest.mark.parametrize(
    "text",
    [
        "We moved it because.",
        "The ranking model was.",
        "What I am looking for is.",
        "My manager thought that we should.",
        "It saved us roughly.",
        "So I told them that,",
        "It was the redesign of...",
        "When the second launch failed.",
        "We retrained it every week with.",
        "So they get more.",
        "We have no plays, so them.",
        "I always start with a simple model, and only move on when.",
        "Nobody in the team could say what.",
        "The reason for the second index does that.",
    ],
)
def test_a_full_stop_does_not_finish_a_clause_that_hangs(text: str) -> None:
    assert ending(text) == "unfinished"


@pytest.mark.parametrize(
    "text",
    [
        "There are three parts to it. First the candidates.",
        "I did two things. I talked to the data engineers.",
        "We monitored the latency, the error rate, the drift of the inputs.",
        "For one thing it was slow.",
        "I have a couple of questions. How large is the team?",
        "First I would check for missing values.",
    ],
)
def test_a_list_is_open_until_as_much_has_come_as_was_announced(text: str) -> None:
    assert ending(text) == "unfinished"


def test_a_list_that_is_complete_is_closed() -> None:
    assert ending("I did two things. I talked to the engineers, and I wrote a document.") == "finished"
    assert ending("There are two parts. First we rank them. In the end we mix them.") == "finished"


@pytest.mark.parametrize(
    "text", ["Sure, let me start with the data.", "So, there are several ways to do that."]
)
def test_an_announcement_wants_to_be_followed(text: str) -> None:
    assert ending(text) == "unfinished"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I think the hardest part was, um...",
        "We used a method from, what was it called?",
        "We used a method from what was it called?",
        "And how would I store that?",
        "What else?",
        "Where was I?",
        "It took us, let me see.",
    ],
)
def test_whoever_asks_himself_is_thinking(text: str) -> None:
    assert ending(text) == "thinking"


def test_a_wish_for_time_counts_amid_an_answer_and_alone() -> None:
    assert ending("Give me a minute, please.") == "only asks for time"
    assert ending("I would measure that. Give me a second.") == "asks for time"
    assert ending("We had a disagreement. Let me think, when was that?") == "asks for time"


@pytest.mark.parametrize(
    "text",
    [
        "We shipped it two weeks late. That's my answer.",
        "Could you repeat the question, please?",
        "We switched it off. That's it.",
    ],
)
def test_words_to_the_interviewer_hand_the_turn_over(text: str) -> None:
    assert ending(text) == "handed over"


@pytest.mark.parametrize(
    "text", ["Sorry, go on.", "Oh, sorry, please continue.", "No, you go ahead.", "Sorry."]
)
def test_whoever_gives_way_wants_to_hear_the_rest(text: str) -> None:
    assert yields_the_floor(text)


@pytest.mark.parametrize("text", ["Sorry, could you repeat that?", "I would go on with the index.", "Yes."])
def test_other_words_do_not_give_way(text: str) -> None:
    assert not yields_the_floor(text)


@pytest.mark.parametrize(
    "text",
    [
        "We used precision, recall, and so on.",
        "And then we agreed on a plan. So yeah",
        "It was fine, I guess.",
    ],
)
def test_whoever_trails_off_has_nothing_to_add(text: str) -> None:
    assert ending(text) == "trails off"


@pytest.mark.parametrize("text", ["Yes.", "Yes", "No, I have not.", "Yes, we did, twice."])
def test_a_yes_or_a_no_is_a_whole_answer(text: str) -> None:
    assert ending(text) == "replies"


def test_a_few_words_alone_may_be_the_beginning_of_more() -> None:
    assert ending("We monitored the latency.") == "uncertain"
    assert ending("It had no owner. We monitored the latency.") == "uncertain"
    assert ending("It had no owner, so the two of us took it on. We monitored the latency.") == "finished"
