"""Shows a spoken conversation in the terminal: what both sides say, as it is said, and how much time is left."""

from rich.console import Console
from rich.markup import escape

from agent.voice.conductor import Reply
from agent.voice.lines import Played
from agent.voice.words import Heard
from graphs.models import Utterance, View


class Captions:
    """A listener of the interviewer's; see `Listener`. `candidate` is what the other side is called."""

    def __init__(self, console: Console, *, candidate: str = "You", hint: str = "") -> None:
        self._console = console
        self._candidate = candidate
        self._hint = hint
        self._left_s: float | None = None
        self._status = console.status("")

    def __enter__(self) -> "Captions":
        self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._status.stop()

    def heard(self, turn: str, heard: Heard, *, amends: bool) -> None:
        self._say("green", f"{self._candidate}{' (more)' if amends else ''}", heard.text)
        self._show("thinking")

    def started(self, utterance: Utterance, at_s: float, reply: Reply) -> None:
        self._say("cyan", "Interviewer", utterance.text)
        self._show("speaking")

    def said(self, utterance: Utterance, played: Played) -> None:
        if played.interrupted and played.share < 1.0:
            self._console.print("  [dim](interrupted)[/dim]")

    def floor_opened(self, reply: Reply) -> None:
        self._show("listening")

    def viewed(self, view: View, reply: Reply) -> None:
        self._left_s = max(0.0, view.budget_s - view.elapsed_s)

    def _say(self, colour: str, who: str, text: str) -> None:
        self._console.print(f"[{colour}]{escape(who)}[/{colour}]  {escape(text)}", highlight=False)

    def _show(self, doing: str) -> None:
        left = "" if self._left_s is None else f" · {_minutes(self._left_s)} left"
        hint = f" · {self._hint}" if self._hint else ""
        self._status.update(f"{doing}{left}{hint}")


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s"
