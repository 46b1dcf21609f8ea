"""`transcript.jsonl`: what was said, by whom and when, in the order of the interview."""

from pathlib import Path

from agent.sessions import read_lines, write_atomically
from agent.voice.words import SpokenTurn
from graphs.models import Turn, View


class TranscriptLine(Turn):
    """A turn with its times; they are None where nobody heard it, or it was typed."""

    start_s: float | None
    end_s: float | None


def write_transcript(folder: Path, view: View) -> Path:
    """Of the session in `folder`. Words that joined an earlier turn lengthen it."""
    spans: dict[str, tuple[float, float]] = {}
    last_heard = ""
    for spoken in read_lines(folder / "words.jsonl", SpokenTurn):
        turn = last_heard if spoken.amends else spoken.turn
        if spoken.speaker == "candidate":
            last_heard = turn
        start_s, _ = spans.get(turn, (spoken.start_s, spoken.end_s))
        spans[turn] = (start_s, spoken.end_s)
    lines = [_line(turn, spans.get(turn.id)) for turn in view.turns]
    path = folder / "transcript.jsonl"
    write_atomically(path, "".join(f"{line.model_dump_json()}\n" for line in lines))
    return path


def _line(turn: Turn, span: tuple[float, float] | None) -> TranscriptLine:
    start_s, end_s = span or (None, None)
    return TranscriptLine(**turn.model_dump(), start_s=start_s, end_s=end_s)
