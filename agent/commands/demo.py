"""`soundcheck demo`: a simulated candidate speaks an interview through the real voice loop; the report follows."""

import asyncio
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from agent.commands.talk import show_report
from agent.errors import SessionError
from agent.sessions import Session, SessionStore
from agent.settings import Settings, load_settings
from agent.starting import Wish, check, listed, new_session

if TYPE_CHECKING:
    from agent.voice.holding import Studio
    from graphs.candidate import SimulatedCandidate
    from graphs.manner import Manner
    from graphs.models import View
    from graphs.plan import Plan

FILES = (
    "report.html",
    "report.json",
    "report.md",
    "transcript.jsonl",
    "candidate.wav",
    "interviewer.wav",
    "words.jsonl",
    "latency.json",
)


def demo(
    stages: Annotated[str | None, typer.Option(help="Stages, separated by commas.")] = None,
    topics: Annotated[str | None, typer.Option(help="Topics, separated by commas.")] = None,
    questions: Annotated[int, typer.Option(min=1, help="Questions for each stage.")] = 2,
    candidate: Annotated[
        str, typer.Option(help="Who answers: strong, mixed, weak, another persona, or a persona file.")
    ] = "strong",
    seed: Annotated[int, typer.Option(help="The same seed gives the same questions and words.")] = 7,
    out: Annotated[
        Path, typer.Option(help="Where the report and the recordings go.", file_okay=False)
    ] = Path("demo"),
    resume: Annotated[
        str | None, typer.Option(metavar="ID", help="Carry on with a demonstration that was broken off.")
    ] = None,
    whole: Annotated[
        bool, typer.Option("--whole", help="Answers at full length, not the short ones.")
    ] = False,
    speed: Annotated[
        float,
        typer.Option(
            min=0.5, max=4.0, help="Talk faster than real time; delays then count for as much more."
        ),
    ] = 1.0,
) -> None:
    """Listen to a simulated candidate being interviewed, and read the report on it."""
    settings = load_settings()
    what: Wish | Session
    if resume is not None:
        what = SessionStore(settings.sessions_dir).get(resume)
    else:
        what = Wish("demo", listed(stages), listed(topics), questions, None, seed)
        check(settings, what)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SessionError(f"{out}: {error.strerror}: choose another folder with --out") from error
    asyncio.run(_demo(settings, what, candidate, out, seed=seed, short=not whole, speed=speed))


async def _demo(
    settings: Settings,
    what: Wish | Session,
    candidate: str,
    out: Path,
    *,
    seed: int,
    short: bool,
    speed: float,
) -> None:
    from agent.voice.models import preload_speech_models

    preload_speech_models(settings)
    from agent.voice.holding import open_studio
    from agent.voice.terminal import keep_logs_quiet
    from graphs.answerbook import load_answers
    from graphs.candidate import SimulatedCandidate
    from graphs.persona import load_persona

    keep_logs_quiet(settings)
    persona, answers, console = load_persona(candidate), load_answers(), Console()
    with console.status("loading the models") as status:
        async with open_studio(settings) as studio:
            content = studio.workplace.content
            session, plan = (
                new_session(settings, content.guide, what, mode="demo")
                if isinstance(what, Wish)
                else (what, None)
            )
            actor = SimulatedCandidate(persona, answers, content, seed, short=short)
            status.stop()
            view = await _perform(studio, session, plan, actor, persona.manner, console, speed)
            if view.finished:
                await show_report(studio, session, view, console)
            else:
                console.print(f"saved; carry on with: soundcheck demo --resume {session.id}", highlight=False)
    _hand_out(session, out, console)


async def _perform(
    studio: "Studio",
    session: Session,
    plan: "Plan | None",
    actor: "SimulatedCandidate",
    manner: "Manner",
    console: Console,
    speed: float,
) -> "View":
    from agent.voice.candidate_voice import CandidateVoice
    from agent.voice.captions import Captions
    from agent.voice.headless import Headless
    from agent.voice.holding import hold
    from agent.voice.performer import Performer
    from agent.voice.session import Sitting
    from agent.voice.terminal import controlled_by_keys

    sitting, devices = Sitting(), Headless(noise_dbfs=manner.noise_dbfs)
    performer = Performer(actor, CandidateVoice(studio.speech.piper), devices, on_failure=sitting.fail)
    with Captions(console, candidate="Candidate") as captions, controlled_by_keys(sitting):
        try:
            return await hold(
                studio,
                session,
                devices,
                plan=plan,
                sitting=sitting,
                listeners=[captions, performer],
                speed=speed,
            )
        finally:
            await performer.aclose()


def _hand_out(session: Session, out: Path, console: Console) -> None:
    """Copy what the session has by now; it stays among the sessions too."""
    try:
        there = [
            shutil.copy(session.folder / name, out / name)
            for name in FILES
            if (session.folder / name).exists()
        ]
    except OSError as error:
        raise SessionError(
            f"{out}: {error.strerror}: the session is kept; soundcheck sessions export {session.id}"
        ) from error
    console.print(f"{len(there)} files in {out}; session {session.id}", highlight=False)
