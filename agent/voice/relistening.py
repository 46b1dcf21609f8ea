"""Sound that nobody listened to while it was recorded, turned into words: a killed process leaves some behind."""

from collections.abc import Sequence

from livekit import rtc

from agent.voice.patience import Patience
from agent.voice.pcm import RATE_HZ, Pcm
from agent.voice.stt import WhisperSTT
from agent.voice.whisper import Whisper
from agent.voice.words import Heard

MOST_S = 600.0
"""Whoever comes back waits for it."""
_FRAME = RATE_HZ // 10


async def listen_again(
    whisper: Whisper, pcm: Pcm, start_s: float, *, terms: Sequence[str] = ()
) -> Heard | None:
    """The words of a recording that begins at `start_s` of the timeline, under the guards of live recognition.

    Of more than ten minutes only the last are listened to. None where nobody speaks.
    """
    left_out = max(0, len(pcm) - round(MOST_S * RATE_HZ))
    sound, start_s = pcm[left_out:], start_s + left_out / RATE_HZ
    recogniser = WhisperSTT(whisper, patience=Patience("push-to-talk"), terms=terms)
    stream = recogniser.stream()
    for at in range(0, len(sound), _FRAME):
        piece, at_s = sound[at : at + _FRAME], start_s + at / RATE_HZ
        stream.push_frame(rtc.AudioFrame(piece.tobytes(), RATE_HZ, 1, len(piece), userdata={"at_s": at_s}))
    return recogniser.take(await stream.finish())
