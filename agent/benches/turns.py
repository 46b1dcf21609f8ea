"""Does it cut people off, and does it answer at once? Scenarios, spoken through the real loop in real time.

The interview is scripted and costs nothing: what is measured is how the end of a turn is found and how soon a voice is
heard after it. Sounds are looked for in the recordings, so that silence at the edge of a sound counts as silence.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median, quantiles

import numpy as np
from pydantic import BaseModel, ConfigDict
from rich.table import Table

from agent.benches.scenarios import (
    MOST_PATIENT_S,
    SHIPPED,
    Outcome,
    Scenario,
    Take,
    load_scenarios,
    perform,
    read_wav,
)
from agent.benches.script import QUESTION, SHORT_QUESTION, ScriptedInterview
from agent.settings import Settings
from agent.voice.candidate_voice import CandidateVoice
from agent.voice.conductor import Reply
from agent.voice.headless import Headless, HeadlessEars, HeadlessMouth
from agent.voice.lines import Ears, Mouth, Played, Witness
from agent.voice.models import SpeechModels, load_speech_models
from agent.voice.pcm import RATE_HZ, Pcm, last_sound_s, resample
from agent.voice.session import Sitting, converse
from agent.voice.timeline import Timeline
from agent.voice.words import Heard
from graphs.loops import load_loop
from graphs.models import Utterance, View

ENDLESS_S = 12.0
"""Whoever hears nothing for so long after an answer was left hanging."""
AT_ONCE = 2
"""More scenarios at a time on two cores make each other late."""
_BEGINS_AFTER_S = 0.4
_AMID_S = 1.5
_AFTER_NOISE_S = 1.5
_AUDIBLE = 200
_JUST_BEGUN_S = 1.0
_ECHO = 0.1


class Result(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    kind: str
    complete: bool
    pauses: int
    """Of 2.5 s at most, amid the scenario."""
    cut_ins: int
    """How often the interviewer's voice began before the candidate's last word; a word in reply to "give me a minute"
    in a longer silence is none."""
    response_delay_s: float | None
    """From the candidate's last sound to the interviewer's first one; None where there was none, or none was due."""
    endless: bool
    """No reply ever came to an answer."""
    amid_question: Outcome | None
    """What the interviewer did, for sounds amid the question."""
    wrong: bool
    """Something else than it should have done."""
    transcript: str


class Summary(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    scenarios: int
    pauses: int
    cut_ins: int
    cut_ins_per_pause: float | None
    delays: int
    delay_median_s: float | None
    delay_p95_s: float | None
    delay_unfinished_median_s: float | None
    endless: int
    amid_question: int
    wrong_reactions: int


class Report(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    scenarios: list[Result]
    summary: Summary


async def run_scenarios(
    scenarios: Sequence[Scenario],
    models: SpeechModels,
    folder: Path,
    *,
    at_once: int = AT_ONCE,
    done: Callable[[Result], None] = lambda result: None,
) -> list[Result]:
    """`folder` is where paths of recordings count from."""
    patience = {stage.id: stage.patience_s for stage in load_loop("full").stages}
    voice = CandidateVoice(models.piper)
    takes = [await perform(scenario, voice, folder) for scenario in scenarios]
    room = asyncio.Semaphore(at_once)

    async def run(scenario: Scenario, take: Take) -> Result:
        async with room:
            result = await _Run(scenario, take, patience.get(scenario.stage, 1.2)).run(models)
        done(result)
        return result

    return await asyncio.gather(*map(run, scenarios, takes))


def summarise(results: Sequence[Result]) -> Summary:
    answers = [result for result in results if result.amid_question is None]
    delays = [r.response_delay_s for r in answers if r.complete and r.response_delay_s is not None]
    slow = [r.response_delay_s for r in answers if not r.complete and r.response_delay_s is not None]
    pauses, cut_ins = sum(r.pauses for r in answers), sum(r.cut_ins for r in answers)
    return Summary(
        scenarios=len(results),
        pauses=pauses,
        cut_ins=cut_ins,
        cut_ins_per_pause=round(cut_ins / pauses, 4) if pauses else None,
        delays=len(delays),
        delay_median_s=round(median(delays), 2) if delays else None,
        delay_p95_s=round(quantiles(delays, n=20, method="inclusive")[-1], 2) if len(delays) > 1 else None,
        delay_unfinished_median_s=round(median(slow), 2) if slow else None,
        endless=sum(r.endless for r in results),
        amid_question=len(results) - len(answers),
        wrong_reactions=sum(r.wrong for r in results),
    )


def bench_turns(
    settings: Settings,
    file: Path | None = None,
    *,
    quick: bool = False,
    at_once: int | None = None,
    progress: Callable[[str], None] = lambda text: None,
) -> Report:
    """Raises SoundcheckError about the scenarios or the models."""
    path = file or SHIPPED
    scenarios = [s for s in load_scenarios(path) if s.quick or not quick]
    done: list[Result] = []

    def note(result: Result) -> None:
        done.append(result)
        progress(f"{len(done)} of {len(scenarios)} scenarios")

    models = load_speech_models(settings)
    results = asyncio.run(
        run_scenarios(scenarios, models, path.parent, at_once=at_once or AT_ONCE, done=note)
    )
    return Report(scenarios=results, summary=summarise(results))


def turns_table(report: Report) -> Table:
    table = Table("scenario", "kind", "pauses", "cut-ins", "delay s", "amid the question", box=None)
    for r in report.scenarios:
        delay = "never" if r.endless else "" if r.response_delay_s is None else f"{r.response_delay_s:.2f}"
        amid = f"{r.amid_question or ''}{' (wrong)' if r.wrong else ''}"
        table.add_row(r.id, r.kind, str(r.pauses), str(r.cut_ins), delay, amid)
    table.add_section()
    for name, value in report.summary.model_dump().items():
        table.add_row(name.replace("_", " "), "", "", "", "" if value is None else str(value), "")
    return table


class _Run:
    """One scenario, and the listener who watches it. See `Listener`."""

    def __init__(self, scenario: Scenario, take: Take, patience_s: float) -> None:
        self._scenario, self._take = scenario, take
        question = SHORT_QUESTION if scenario.amid_question is None else QUESTION
        self._interview = ScriptedInterview(question, patience_s=patience_s)
        self._devices = _Room()
        self._sitting = Sitting()
        self._began_s: float | None = None
        self._played: list[Played] = []
        self._starts: list[tuple[Utterance, float]] = []
        self._changed = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def run(self, models: SpeechModels) -> Result:
        folder = Path(tempfile.mkdtemp(prefix="soundcheck-bench-"))
        try:
            await converse(
                self._interview, self._devices, folder, models=models, sitting=self._sitting, listeners=[self]
            )
            return self._judge(read_wav(folder / "interviewer.wav"))
        finally:
            for task in self._tasks:
                task.cancel()
            shutil.rmtree(folder)

    def started(self, utterance: Utterance, at_s: float, reply: Reply) -> None:
        self._starts.append((utterance, at_s))
        if self._scenario.amid_question and len(self._starts) == 1:
            self._tasks.append(asyncio.create_task(self._perform(_AMID_S)))
        self._wake()

    def floor_opened(self, reply: Reply) -> None:
        if self._scenario.amid_question is None and not self._tasks:
            self._tasks.append(asyncio.create_task(self._perform(_BEGINS_AFTER_S)))

    def said(self, utterance: Utterance, played: Played) -> None:
        self._played.append(played)
        self._wake()

    def heard(self, turn: str, heard: Heard, *, amends: bool) -> None: ...

    def viewed(self, view: View, reply: Reply) -> None: ...

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def _perform(self, after_s: float) -> None:
        try:
            ears = self._devices.ears
            await ears.timeline.until(ears.timeline.now_s() + after_s)
            self._began_s = ears.heard_until_s
            for start_s, end_s in self._take.echo:
                self._devices.echoes(self._began_s + start_s, self._began_s + end_s)
            await ears.say(self._take.pcm)
            await self._wait(ears)
        finally:
            self._sitting.stop()

    async def _wait(self, ears: HeadlessEars) -> None:
        """Until the reply has come, or the question is over, or the time is up."""
        until_s = ears.timeline.now_s() + (2 * ENDLESS_S if self._scenario.amid_question else ENDLESS_S)
        while ears.timeline.now_s() < until_s and not self._is_over(ears.timeline.now_s()):
            changed = self._changed
            try:
                async with asyncio.timeout(0.5):
                    await changed.wait()
            except TimeoutError:
                continue
        await ears.timeline.until(ears.timeline.now_s() + 0.4)

    def _is_over(self, now_s: float) -> bool:
        if self._scenario.amid_question:
            return bool(self._interview.told) or any(not played.interrupted for played in self._played)
        return any(at_s > self._last_sound_s for _, at_s in self._starts[1:])

    def _outcome(self) -> Outcome:
        if self._interview.told:
            return "stops"
        return "resumes" if any(played.interrupted for played in self._played) else "goes on"

    @property
    def _last_sound_s(self) -> float:
        assert self._began_s is not None
        return self._began_s + (last_sound_s(self._take.pcm) or 0.0)

    def _judge(self, interviewer: Pcm) -> Result:
        onsets = [(u, _onset(interviewer, at_s)) for u, at_s in self._starts[1:]]
        wished = self._scenario.amid_question
        outcome = self._outcome() if wished else None
        after = [] if wished else [at_s for _, at_s in onsets if at_s >= self._last_sound_s]
        accepted = ("goes on", "resumes") if wished == "resumes" else (wished,)
        return Result(
            id=self._scenario.id,
            kind=self._scenario.kind,
            complete=self._scenario.complete,
            pauses=0 if wished else sum(b - a <= MOST_PATIENT_S for a, b in self._take.pauses),
            cut_ins=0
            if wished
            else len({self._place(at_s) for u, at_s in onsets if self._is_cut_in(u, at_s)}),
            response_delay_s=round(min(after) - self._last_sound_s, 2) if after else None,
            endless=wished is None and not after,
            amid_question=outcome,
            wrong=outcome not in accepted,
            transcript=" ".join(self._interview.told),
        )

    def _place(self, at_s: float) -> int:
        """The pause, or the words before it: a reply of several lines cuts in once, also into words just begun."""
        assert self._began_s is not None
        return sum(self._began_s + start_s + _JUST_BEGUN_S < at_s for start_s, _ in self._take.speech)

    def _is_cut_in(self, utterance: Utterance, at_s: float) -> bool:
        """A voice before the last word was said, or before an answer that was left hanging had its time."""
        assert self._began_s is not None
        if at_s >= self._last_sound_s:
            return not self._scenario.complete and at_s - self._last_sound_s < MOST_PATIENT_S
        at_s -= self._began_s
        asked_for = utterance.kind == "acknowledgement" and any(
            a < at_s < b and b - a > MOST_PATIENT_S for a, b in self._take.pauses
        )
        return not asked_for


def _onset(pcm: Pcm, at_s: float) -> float:
    """Where the sound that was begun at `at_s` can be heard."""
    loud = np.flatnonzero(np.abs(pcm[round(at_s * RATE_HZ) :]) > _AUDIBLE)
    return at_s + (float(loud[0]) / RATE_HZ if len(loud) else 0.0)


class _Room(Headless):
    """In which the interviewer's own voice can come back to the microphone."""

    def __init__(self) -> None:
        super().__init__(noise_dbfs=-66)
        self._echoes: list[tuple[float, float]] = []

    def echoes(self, from_s: float, to_s: float) -> None:
        self._echoes.append((from_s, to_s))

    def __call__(self, timeline: Timeline, witness: Witness) -> tuple[Ears, Mouth]:
        self.ears = HeadlessEars(timeline, witness, noise_dbfs=self.noise_dbfs)
        self.mouth = _Loudspeaker(timeline, witness, self)
        self.opened.set()
        return self.ears, self.mouth

    def carry(self, pcm: Pcm, rate_hz: int) -> None:
        now_s = self.ears.timeline.now_s()
        if any(a <= now_s <= b for a, b in self._echoes):
            quiet = (resample(pcm, rate_hz, RATE_HZ) * _ECHO).astype(np.int16)
            self.ears.overlay(quiet)


class _Loudspeaker(HeadlessMouth):
    def __init__(self, timeline: Timeline, witness: Witness, room: _Room) -> None:
        super().__init__(timeline, witness)
        self._room = room

    def send(self, pcm: Pcm, rate_hz: int) -> None:
        self._room.carry(pcm, rate_hz)
