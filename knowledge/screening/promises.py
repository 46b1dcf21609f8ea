"""Whether the texts around the questions say what they must: disclosure, consent, refusal, closing and the rest."""

import re
from collections.abc import Iterator

from knowledge.documents import Place
from knowledge.screening.findings import Fault
from knowledge.screening.models import Script

LONGEST_RETENTION_DAYS = 365
Placed = tuple[Place, Fault]
_DISCLOSED = (
    (
        r"\b(?:an? )?(?:ai|artificial intelligence|computer program|automated (?:program|assistant))\b",
        "that an AI asks the questions",
        "I'm an AI, not a person.",
    ),
    (
        r"\b(?:record\w*|written down|transcri\w+|stored|saved|kept)\b",
        "that the answers are recorded",
        "What you say is recorded and written down.",
    ),
    (
        r"\b(?:program|software|ai|system|machine|automat\w+)\b[^.]*\b(?:looks?|rates?|grades?|scores?|reads?|analys\w+|checks?)\b",
        "that a program looks at the answers, and for what",
        "A program looks in your answers for what the job needs.",
    ),
    (
        r"\b(?:person|recruiter|human|people|manager|colleague)\b[^.]*\b(?:decides?|decision|reviews?|makes?)\b",
        "that a person decides",
        "A person reads or hears your answers and decides.",
    ),
)
_YES_OR_NO = re.compile(
    r"^(?:so |now |first,? )?(?:do|are|is|may|can|would|will|shall) (?:you|i|we|this|that|it)\b[^?]*\?$",
    re.IGNORECASE,
)
_PASSED_ON = re.compile(
    r"\b(?:pass\w*|forward\w*|hand\w*|give|take) (?:it|this|that|your question)\b[^.]*\b(?:on|to|along)\b"
    r"|\b(?:will|can) (?:ask|find out|write to|answer you|get back)",
    re.IGNORECASE,
)
_PROMISE = re.compile(
    r"\b(?:you (?:will|are going to) (?:get|be hired|receive) (?:the|an|this) (?:job|offer|position)"
    r"|you(?:'ve| have) (?:passed|got)"
    r"|you (?:did|were|have done) (?:great|well|very well|badly)|looks? (?:good|bad) for you|we will hire you"
    r"|you (?:have )?(?:failed|not passed)|unfortunately)\b",
    re.IGNORECASE,
)
_REJECTS = re.compile(
    r"\b(?:reject\w*|disqualif\w*|screen(?:ed)? out|eliminat\w*|end(?:s|ed)? the (?:call|interview|conversation)"
    r"|(?:automatic|immediate)\w* (?:no|out|fail)|knock(?:ed|s)? out|not (?:be )?considered)\b",
    re.IGNORECASE,
)
_MACHINE = re.compile(
    r"\b(?:ai|system|program|software|algorithm|score|automat\w+|machine|model)\b", re.IGNORECASE
)
_HUMAN = re.compile(
    r"\b(?:recruiters?|managers?|person|head|team|lead|panel|committee|director|owner|partner|founder|officer|people)\b",
    re.IGNORECASE,
)
_OFFERED = (
    (
        "repeats_without_limit",
        r"\brepeat\w*|\bagain\b",
        "questions are repeated",
        "You can have a question repeated.",
    ),
    (
        "typed_answers",
        r"\b(?:typ(?:e|ed|ing)|writ(?:e|ing)|keyboard)\b",
        "one may type",
        "You can type instead.",
    ),
    (
        "extra_time_percent",
        r"\b(?:more|extra|additional|your) time\b",
        "one may have more time",
        "You can have more time.",
    ),
)
_PLACEHOLDER = re.compile(r"\b(?:todo|tbd|tba|n/?a|none|xxx|lorem)\b|\?\?\?|^-+$|<[^>]+>", re.IGNORECASE)
_SPEECH = re.compile(r"\b(?:accent|fluency|dialect|pronunciation)\b", re.IGNORECASE)


def disclosure_faults(script: Script) -> Iterator[Placed]:
    place: Place = ("consent", "disclosure")
    for pattern, what, better in _DISCLOSED:
        if not re.search(pattern, script.consent.disclosure, re.IGNORECASE):
            yield place, Fault("disclosure", f"does not say {what}", f"say {what}", better)
    days = [int(number) for number in re.findall(r"\b(\d+) days?\b", script.consent.disclosure)]
    if script.retention_days not in days:
        said = f"says {days[0]} days" if days else "does not say for how long it is kept"
        fix = f"name the retention period of {script.retention_days} days"
        better = f"Everything is deleted after {script.retention_days} days, or earlier if you ask."
        yield (
            place,
            Fault("disclosure", f"{said}, and `retention_days` is {script.retention_days}", fix, better),
        )


def consent_faults(script: Script) -> Iterator[Placed]:
    consent = script.consent
    if not _YES_OR_NO.match(consent.ask.strip()):
        why = "does not ask for a yes or a no, so that silence or small talk would pass for consent"
        yield (
            ("consent", "ask"),
            Fault("consent", why, "ask one yes-or-no question", "Do you agree to go on in this way?"),
        )
    if consent.human_contact.casefold() not in consent.refused.casefold():
        better = f"Please write to {consent.human_contact}, and a person will talk to you instead."
        why = f"does not name `human_contact`, {consent.human_contact}"
        yield ("consent", "refused"), Fault("consent", why, "say how to reach a person", better)
    if not re.search(
        r"\b(?:nothing|not|no)\b[^.]*\b(?:kept|keep|stored|saved)\b|\bkeep nothing\b|\bdeleted?\b",
        consent.refused,
        re.IGNORECASE,
    ):
        better = "I keep nothing of this conversation."
        yield ("consent", "refused"), Fault("consent", "does not say that nothing is kept", "say so", better)


def accommodation_faults(script: Script) -> Iterator[Placed]:
    """What is granted is offered, so that nobody has to know that they may ask; and nothing of it is withheld."""
    given = script.accommodations
    for field, offered, what, better in _OFFERED:
        if not getattr(given, field):
            why = "withholds what somebody may need, and the room grants anyway"
            fix = "set it to 50" if field == "extra_time_percent" else "set it to true"
            yield ("accommodations", field), Fault("accommodations", why, fix, f"{field}: {fix.split()[-1]}")
        elif not re.search(offered, given.offer, re.IGNORECASE):
            place: Place = ("accommodations", "offer")
            yield place, Fault("accommodations", f"does not say that {what}", "say so", better)


def knockout_faults(script: Script) -> Iterator[Placed]:
    for index, knockout in enumerate(script.knockouts):
        for field, text in (("eligible_if", knockout.eligible_if), ("basis", knockout.basis)):
            if found := _REJECTS.search(text):
                why = f"rejects by itself: `{found[0]}`"
                fix = "record the answer and let a person decide"
                yield (
                    ("knockouts", index, field),
                    Fault("knockout", why, fix, "a person talks to everybody who says no"),
                )


def closing_faults(script: Script) -> Iterator[Placed]:
    if found := _PROMISE.search(script.closing):
        better = "Thank you. A person goes through your answers and writes to you within a week."
        why = f"tells or promises an outcome: `{found[0]}`"
        yield ("closing",), Fault("closing", why, "say only what happens next, and when", better)
    place: Place = ("candidate_questions", "unknown")
    if not _PASSED_ON.search(script.candidate_questions.unknown):
        better = "I don't know that, so I will pass it on to the team."
        why = "does not say that the question is passed on, which invites a guess"
        yield place, Fault("facts", why, "say who answers it", better)


def policy_faults(script: Script) -> Iterator[Placed]:
    """What is not scored, when nothing may be concluded, how long it is kept, who decides, and what it rests on."""
    if not any(_SPEECH.search(text) for text in script.not_scored):
        why = "does not list how somebody speaks"
        yield (
            ("not_scored",),
            Fault("not-scored", why, "list it", "Accent, grammar, fluency, pauses and filler words."),
        )
    least, most = script.insufficient_evidence.answered_at_least, len(script.questions)
    if least > most or 2 * least < most:
        why = f"asks for {least} answers of {most}"
        fix = f"use a number from {-(-most // 2)} to {most}"
        place: Place = ("insufficient_evidence", "answered_at_least")
        yield place, Fault("evidence-rule", why, fix, f"answered_at_least: {max(1, most - 1)}")
    if script.retention_days > LONGEST_RETENTION_DAYS:
        why = f"{script.retention_days} days are longer than a screen can be needed for"
        fix = f"keep it for at most {LONGEST_RETENTION_DAYS} days"
        yield ("retention_days",), Fault("retention", why, fix, "retention_days: 180")
    by = script.decision.by
    if (_MACHINE.search(by) and not _HUMAN.search(by)) or not script.decision.reason_required:
        why = "lets something other than a person with a reason decide"
        fix = "name a person's role, and require a reason"
        better = "by: The recruiter, after rating the answers"
        yield ("decision",), Fault("decision", why, fix, better)
    reference = script.job_analysis.reference
    if _PLACEHOLDER.search(reference) or len(reference.split()) < 2:
        why = "does not name a job analysis"
        fix = "say where it is filed, and since when"
        better = "Job analysis ENG-02, filed with the hiring team in May 2026"
        yield ("job_analysis", "reference"), Fault("job-analysis", why, fix, better)
