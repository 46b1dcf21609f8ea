"""Every setting, in one class. The only place that reads the environment (and a `.env` file in the working folder).

Each field is the environment variable `SOUNDCHECK_<FIELD>`. `.env.example` lists them all.
"""

from pathlib import Path
from typing import Literal

from platformdirs import user_cache_path, user_data_path
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from agent.errors import SettingsError


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="SOUNDCHECK_", env_file=".env", extra="ignore", frozen=True)

    data_dir: Path = Field(default_factory=lambda: user_data_path("soundcheck"))
    """Sessions, recordings and reports. Nothing of them is ever kept elsewhere."""
    cache_dir: Path = Field(default_factory=lambda: user_cache_path("soundcheck"))
    """Models and the search index: all of it can be made again."""

    guide: str = "spotify-staff-ml"
    """The guide: the name of a shipped one, or the path of a folder with a guide.yaml."""
    loop: str = "full"
    """The loop: the name of a shipped one, or the path of a loop file."""

    openai_base_url: str | None = None
    """An OpenAI-compatible endpoint to use instead of the embedded model server, e.g. http://localhost:11434/v1."""
    openai_api_key: SecretStr = SecretStr("not-needed")
    """The key for that endpoint."""
    openai_model: str | None = None
    """The model's name at that endpoint."""
    openai_think_ahead: bool = False
    """Ask that endpoint while the candidate still speaks: quicker replies, several times as many tokens."""

    grader: Literal["checks", "structured"] = "checks"
    """How a model is asked about an answer: yes/no checks, which small models manage, or one structured reply a row."""
    grader_samples: int = Field(default=3, ge=1, le=9)
    """How often `structured` asks about each row; the spread of the replies becomes the interval."""

    language_model: str = "language"
    """The embedded language model: an entry (`language`, `language-small`) or a path of a .gguf file."""
    stt_model: str = "stt"
    """Speech recognition: an entry (`stt`, `stt-small`) or a path of a CTranslate2 Whisper folder."""
    tts_model: str = "tts"
    """The interviewer's voice: an entry (`tts`) or a path of a Piper .onnx file with its .onnx.json beside it."""
    embedding_model: str = "embedding"
    """Embeddings: an entry (`embedding`) or a path of a folder with model.onnx and tokenizer.json."""

    threads: int = Field(default=0, ge=0)
    """Processor threads for each model; 0 means all cores but keeps one free where there are more than two."""
    patience: Literal["quick", "normal", "patient", "push-to-talk"] = "normal"
    """How long a silence is taken for thinking; with push-to-talk, until you say by a key that you are done."""
    room_port: int = Field(default=8137, ge=1, le=65535)
    """The port of the interview room in the browser."""
    room_password: SecretStr | None = None
    """Asked for where the room is open to other machines (`soundcheck serve --open-to-network`)."""
    livekit_url: str | None = None
    """A LiveKit server for interviews over the network, e.g. ws://localhost:7880."""
    livekit_public_url: str | None = None
    """The address of that server for browsers, where it is another one, e.g. wss://livekit.example."""
    livekit_key: str | None = None
    """The name of a key of that server's; `livekit-server --dev` has `devkey`."""
    livekit_secret: SecretStr | None = None
    """The secret of that key; `livekit-server --dev` has `secret`."""
    livekit_agent: str = Field(default="soundcheck", min_length=1)
    """The name under which interviewers are called into a room; workers of one name share the work."""
    livekit_interviews: int = Field(default=2, ge=1, le=16)
    """How many interviews one worker holds at the same time."""
    livekit_grace_s: float = Field(default=300.0, ge=1.0)
    """Seconds that an interviewer waits in a room for a candidate who left; the interview is saved then."""
    worker_host: str = "127.0.0.1"
    """Where a worker answers questions about its health: `/` says whether it is well, `/worker` what it does."""
    worker_port: int = Field(default=8081, ge=0, le=65535)
    """The port there; 0 takes a free one."""
    traces: Path | None = None
    """A file to which OpenTelemetry spans are added as JSON lines: how long things took, never what was said."""
    log_level: Literal["debug", "info", "warning", "error"] = "warning"
    """What goes to standard error. Transcripts never do."""

    @property
    def sessions_dir(self) -> Path:
        return self.data_dir / "sessions"

    @property
    def models_dir(self) -> Path:
        return self.cache_dir / "models"

    @property
    def index_dir(self) -> Path:
        return self.cache_dir / "index"


def load_settings() -> Settings:
    """The settings of this process. Raises SettingsError naming each wrong variable."""
    try:
        return Settings()
    except ValidationError as error:
        faults = [
            f"SOUNDCHECK_{str(e['loc'][0]).upper()}: {e['msg']} (see .env.example)" for e in error.errors()
        ]
        raise SettingsError("\n".join(faults)) from error
