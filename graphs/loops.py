"""Loop files: which stages an interview has, in which order, how long, and who conducts them."""

from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from graphs.errors import LoopError

SHIPPED = Path(__file__).parent / "loops"
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Persona(Strict):
    """Who conducts a stage."""

    name: Text
    role: Text
    """Completes "I'll be playing ...", e.g. `the recruiter`."""
    manner: Text
    """One line; it colours the wording of follow-ups and nothing else."""


class LoopStage(Strict):
    id: Slug
    """A stage of the guide."""
    minutes: float = Field(gt=0, le=180)
    interviewer: Persona
    topics: list[Slug] = Field(default_factory=list)
    """The guide's topics to draw on; left out, all that the guide gives to the stage."""
    patience_s: float = Field(default=1.2, ge=0.3, le=10)
    """Silence after which a finished-sounding answer is taken for done."""
    rubrics: list[Text] = Field(default_factory=list)
    """Rubric ids or single rows; left out, those of the guide."""
    questions: int | None = Field(default=None, ge=1, le=50)
    """At most so many; left out, as many as the time allows."""


class Loop(Strict):
    id: Slug
    title: Text
    about: Text
    stages: list[LoopStage] = Field(min_length=1)
    default_stages: list[Slug] = Field(default_factory=list)
    """The stages of a run that names none; left out, all of them."""
    draw_topics: int | None = Field(default=None, ge=1)
    """Draw so many topics by the seed where none are named; stages left without a topic drop out."""
    probes: int = Field(default=2, ge=0, le=2)
    """At most so many follow-ups a question."""
    candidate_questions: bool = True
    """Whether each stage ends with time for the candidate's own questions."""

    @model_validator(mode="after")
    def _stages_differ(self) -> "Loop":
        ids = [stage.id for stage in self.stages]
        if len(set(ids)) != len(ids):
            raise ValueError("a stage is listed twice; give each stage once")
        if unknown := set(self.default_stages) - set(ids):
            raise ValueError(f"default_stages names {sorted(unknown)}, which is not among the stages")
        return self


def load_loop(loop: str | Path) -> Loop:
    """A shipped loop by name, or a loop file by path. Raises LoopError."""
    path = _find(loop)
    try:
        return Loop.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise LoopError(f"{path}: file: {error.strerror}\n  fix: make the file readable") from error
    except yaml.YAMLError as error:
        raise LoopError(f"{path}: file: not valid YAML\n  fix: {error}") from error
    except ValidationError as error:
        raise LoopError("\n".join(_fault(path, e["loc"], e["msg"]) for e in error.errors())) from error


def shipped_loops() -> list[str]:
    return sorted(path.stem for path in SHIPPED.glob("*.yaml"))


def _find(loop: str | Path) -> Path:
    path = Path(loop).expanduser()
    if path.suffix in (".yaml", ".yml"):
        return path
    shipped = SHIPPED / f"{loop}.yaml"
    if not shipped.is_file():
        names = ", ".join(shipped_loops())
        raise LoopError(f"{loop}: loop: no loop of that name\n  fix: use one of {names}, or a .yaml file")
    return shipped


def _fault(path: Path, loc: tuple[int | str, ...], message: str) -> str:
    field = ".".join(map(str, loc)) or "file"
    return f"{path}: {field}: {message}\n  fix: correct `{field}`; the fields are those of Loop in graphs/loops.py"
