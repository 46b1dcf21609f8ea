"""What a worker is called into a room for: the metadata of a LiveKit job, as JSON."""

from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from agent.errors import LiveKitError
from agent.room.card import read_card
from agent.sessions import SESSION_ID, Session, SessionStore
from agent.settings import Settings
from agent.starting import Wish, plan_for, title_of
from agent.voice.patience import Setting
from graphs.plan import Plan
from knowledge.models import Guide

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
"""Of a shipped loop, stage or topic: no path gets in from outside."""


class Wished(BaseModel):
    """`agent.starting.Wish`, as it may come from outside."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    loop: Name | None = None
    stages: list[Name] = Field(default=[], max_length=20)
    topics: list[Name] = Field(default=[], max_length=50)
    questions: int | None = Field(default=None, ge=1, le=50)
    minutes: float | None = Field(default=None, ge=1, le=600)
    seed: int = 0

    def as_wish(self) -> Wish:
        return Wish(self.loop, self.stages, self.topics, self.questions, self.minutes, self.seed)


class Order(BaseModel):
    """Hold the interview of `session`: carry it on where it is stored, else begin it by `wish`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    session: Annotated[str, StringConstraints(pattern=SESSION_ID)] | None = None
    """None for a new one, whose id the worker makes."""
    candidate: Annotated[str, StringConstraints(min_length=1, max_length=100)] | None = None
    """Who is interviewed, by identity in the room; None for whoever comes first."""
    wish: Wished | None = None


def read_order(metadata: str) -> Order:
    """Raises LiveKitError naming each field that is wrong; no metadata is the loop of the settings."""
    if not metadata:
        return Order(wish=Wished())
    try:
        return Order.model_validate_json(metadata)
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, e['loc'])) or 'JSON'}: {e['msg']}" for e in error.errors()]
        raise LiveKitError(f"the metadata of this job is no order: {'; '.join(faults)}") from error


class Ordered(NamedTuple):
    """What there is of an ordered interview before it is opened."""

    session: Session
    plan: Plan | None
    """Of a new one; a stored interview keeps its own."""
    patience: Setting | None


def ordered(settings: Settings, guide: Guide, order: Order) -> Ordered:
    """The ordered session, made where it is not there yet. One that the room of this machine has prepared has its
    plan there.

    Raises LiveKitError, SessionError, and LoopError where something wished for is not there.
    """
    store = SessionStore(settings.sessions_dir)
    plan = plan_for(settings, guide, order.wish.as_wish()) if order.wish else None
    if order.session is not None and (order.session in store or plan is None):
        session = store.get(order.session)
        card = read_card(session)
        return Ordered(session, card.plan, card.patience) if card else Ordered(session, plan, None)
    if plan is None:
        raise LiveKitError("the order names neither a session nor a wish: give it one of them")
    session = store.create(title=title_of(plan), mode="spoken", session_id=order.session)
    return Ordered(session, plan, None)
