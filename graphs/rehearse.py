"""A whole interview with a simulated candidate, without sound: as fast as the graph runs."""

from graphs.candidate import SimulatedCandidate
from graphs.errors import GraphError
from graphs.interview import Interview
from graphs.manner import Spoken
from graphs.models import Utterance, View

SILENCE_S = 90.0
"""How long a candidate who says nothing is waited for; longer than anybody may ask to think."""
MOST_TURNS = 1200
INTERVIEWER_WPS, CANDIDATE_WPS = 2.6, 2.5
"""Words a second, of the interviewer and of a candidate at pace 1."""


class TalkClock:
    """A clock that goes as far as the talk would have taken; give it to `Deps` to have the time budget count."""

    def __init__(self) -> None:
        self._now_s = 0.0

    def __call__(self) -> float:
        return self._now_s

    def listen_to(self, utterance: Utterance) -> None:
        self._now_s += len(utterance.text.split()) / INTERVIEWER_WPS

    def talk(self, spoken: Spoken | None) -> None:
        if spoken is None:
            self._now_s += SILENCE_S
            return
        pauses_s = sum(phrase.pause_s for phrase in spoken.phrases())
        words_s = len(spoken.text.split()) / (CANDIDATE_WPS * spoken.manner.pace)
        self._now_s += spoken.think_s + pauses_s + words_s


async def rehearse(
    interview: Interview,
    candidate: SimulatedCandidate,
    *,
    clock: TalkClock | None = None,
    most_turns: int = MOST_TURNS,
) -> View:
    """Hold the interview to its end. Raises GraphError where it has not ended after `most_turns`."""
    said = [utterance async for utterance in interview.begin()]
    for _ in range(most_turns):
        view = await interview.view()
        if view.finished:
            return view
        spoken = candidate.reply(view, said)
        if clock is not None:
            for utterance in said:
                clock.listen_to(utterance)
            clock.talk(spoken)
        turn = f"candidate-{len(view.turns) + 1}"
        heard = interview.hear(spoken.text, turn=turn) if spoken else interview.silence(SILENCE_S)
        said = [utterance async for utterance in heard]
    if (view := await interview.view()).finished:
        return view
    raise GraphError(f"{view.session}: not finished after {most_turns} turns\n  fix: allow more turns")
