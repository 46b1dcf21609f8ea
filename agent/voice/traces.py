"""OpenTelemetry spans of a conversation, as JSON lines in a file: what took how long, never what was said."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path

from agent.errors import SettingsError
from agent.voice.latency import TurnLatency

_NS = 1_000_000_000


@contextmanager
def traced_to(path: Path | None) -> Iterator[None]:
    """Spans of this process go to the end of that file, ours and those of livekit-agents; without one, nowhere.

    Raises SettingsError where the file cannot be written.
    """
    if path is None:
        yield
        return
    from livekit.agents import telemetry
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter
    from opentelemetry.trace import NoOpTracerProvider

    try:
        file = path.open("a", encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"SOUNDCHECK_TRACES: {path} cannot be written: {error.strerror}") from error
    with file:
        provider = TracerProvider()
        lines = ConsoleSpanExporter(out=file, formatter=lambda span: f"{span.to_json(indent=None)}\n")
        provider.add_span_processor(BatchSpanProcessor(lines))
        telemetry.set_tracer_provider(provider, allow_pii=False)
        try:
            yield
        finally:
            telemetry.set_tracer_provider(NoOpTracerProvider())
            provider.shutdown()


def trace_reply(turn: TurnLatency) -> None:
    """Spans for a reply whose content begins to be heard now: one for all of it, and inside it what was waited for."""
    from livekit.agents.telemetry import tracer
    from opentelemetry.trace import set_span_in_context

    if turn.first_content_s is None:
        return
    spent = turn.spent_s
    began_ns = time.time_ns() - round(turn.first_content_s * _NS)
    ends_ns = [began_ns + round(at_s * _NS) for at_s in accumulate(spent.values())]
    whole = tracer.start_span(
        "soundcheck.reply",
        start_time=began_ns,
        attributes={
            "soundcheck.answer_s": turn.answer_s,
            "soundcheck.first_sound_s": turn.first_sound_s or turn.first_content_s,
        },
    )
    inside = set_span_in_context(whole)
    for name, start_ns, end_ns in zip(spent, [began_ns, *ends_ns], ends_ns, strict=False):
        step = tracer.start_span(
            f"soundcheck.reply.{name.replace(' ', '_')}", context=inside, start_time=start_ns
        )
        step.end(end_time=end_ns)
    whole.end(end_time=ends_ns[-1])
