"""A screening script as a plan: the same graph plays it, with the script's own words, questions and facts only.

Nothing is left to a language model, so that the same answers meet the same words: a script's interview is given none.
"""

import re
from dataclasses import replace

from graphs.deps import Deps
from graphs.evidence import shown
from graphs.items import Item
from graphs.lines import word_pattern
from graphs.loops import Persona
from graphs.plan import Plan, PlannedStage, Scripted
from knowledge.screening.loader import LoadedScript

PATIENCE_S = 1.6
MANNER = "The same for everybody; says what the script says."
MOST_UNCLEAR = 2
"""So often a reply to the consent that is neither a yes nor a no is asked about again; then it counts as a no."""

LONGEST_WITHDRAWAL = 16
"""Words; a longer turn tells of something."""


def plan_of_script(loaded: LoadedScript, *, extra_time: bool = False) -> Plan:
    """The plan of one conversation. `extra_time` is the script's own accommodation; nobody has to say why."""
    script = loaded.script
    factor = 1 + script.accommodations.extra_time_percent / 100 if extra_time else 1.0
    rubrics = {row.partition(".")[0] for competency in script.competencies for row in competency.rows}
    stage = PlannedStage(
        id=script.id,
        title=script.title,
        budget_s=script.minutes * 60 * factor,
        interviewer=Persona(name=script.interviewer.name, role=script.interviewer.role, manner=MANNER),
        topics=[competency.id for competency in script.competencies],
        patience_s=PATIENCE_S * factor,
        rubrics=sorted(rubrics),
        questions=len(script.knockouts) + len(script.questions),
    )
    scripted = Scripted(version=loaded.version, script=script, facts=list(loaded.facts))
    return Plan(
        loop=script.id,
        guide=script.id,
        seed=0,
        stages=[stage],
        candidate_questions=script.candidate_questions.minutes > 0,
        script=scripted,
    )


def items_of(scripted: Scripted) -> dict[str, Item]:
    """Knock-outs, then core questions, in the script's order. A knock-out has no rows, so that it is never graded."""
    script = scripted.script
    knockouts = [_item(f"{script.id}/{k.id}", script.id, k.text) for k in script.knockouts]
    questions = [
        _item(f"{script.id}/{q.id}", q.competency, q.text, tuple(script.competency(q).rows), tuple(q.probes))
        for q in script.questions
    ]
    return {item.id: item for item in [*knockouts, *questions]}


def deps_for(plan: Plan, deps: Deps) -> Deps:
    """What an interview by `plan` may use: of a script, its own questions and facts only."""
    if plan.script is None:
        return deps
    script, facts = plan.script.script, plan.script.facts
    guide = deps.guide.model_copy(update={"company": script.company, "facts": facts})
    return replace(
        deps,
        guide=guide,
        items=items_of(plan.script),
        topics={},
        banks={},
        problems={},
        pads=None,
        search=None,
        language=None,
    )


def written_probe(item: Item, asked: int, words: str) -> str | None:
    """The next of the written probes; None where they are used up or the answer shows something for every row."""
    if asked >= len(item.probes) or all(shown(row, words) == "yes" for row in item.rows):
        return None
    return item.probes[asked]


def agrees(text: str) -> bool | None:
    """Whether a reply to the consent is a yes or a no; None where it is neither, or both, or only asks."""
    told = " ".join(text.lower().replace("’", "'").split())
    if word_pattern("consent_person").search(told):
        return False
    told = word_pattern("consent_never_mind").sub("yes", told)
    plain = " ".join(part for part in re.split(r"(?<=[.!?]) ", told) if not _asks(part))
    plain = word_pattern("consent_denied").sub("no", plain)
    yes, no = word_pattern("consent_yes").search(plain), word_pattern("consent_no").search(plain)
    if bool(yes) == bool(no):
        return None
    return yes is not None


def _asks(sentence: str) -> bool:
    """A question that holds a word of agreement is none. Speech recognition may leave its mark out."""
    return sentence.endswith("?") or word_pattern("asking_begins").match(sentence) is not None


def withdraws(text: str) -> bool:
    """Whether a turn takes the consent back. Only a short one does, for what comes of it cannot be undone."""
    plain = " ".join(re.sub(r"[^\w' ]", " ", text.lower().replace("’", "'")).split())
    return (
        len(plain.split()) <= LONGEST_WITHDRAWAL
        and word_pattern("consent_withdrawn").search(plain) is not None
    )


def _item(id_: str, topic: str, text: str, rows: tuple[str, ...] = (), probes: tuple[str, ...] = ()) -> Item:
    return Item(
        id=id_, topic=topic, kind="opening", text=text, rows=rows, points=(), follow_ups={}, probes=probes
    )
