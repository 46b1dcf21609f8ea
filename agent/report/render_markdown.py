"""`report.md`: the report as text, for a terminal, a diff or a notebook. Says what the page says, without sound."""

import re
from collections.abc import Iterator

from agent.report.models import AnswerReport, Level, Move, Report, RubricLevel
from agent.report.wording import (
    capitalise,
    clock,
    day,
    length_of_time,
    level_figure,
    moment,
    percent,
    sentence,
)
from graphs.board import sketch_in_words
from graphs.models import PAD_KINDS

_SPECIAL = re.compile(r"([\\`*_\[\]#|<>&~$]|^[-+]|(?<=^\d)\.)")
_STATUS = {
    "graded": "graded",
    "partly-graded": "partly graded",
    "not-graded": "not graded",
    "skipped": "skipped",
    "open": "not finished",
}


def render_markdown(report: Report) -> str:
    parts = [
        _header(report),
        _levels(report),
        _moves(report),
        _map(report),
        _answers(report),
        _delivery(report),
    ]
    parts += [_probing(report), _trend(report), _plan(report), _transcript(report), _method(report)]
    return "\n".join(line for part in parts for line in part)


def plain(text: str) -> str:
    """Text that Markdown and HTML take as it is, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def fenced(text: str, language: str = "") -> str:
    """Text as a block of code, whatever signs are in it."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def level_words(level: Level) -> str:
    return (
        f"{level.word}, {level_figure(level.level)} ({level_figure(level.low)} to {level_figure(level.high)})"
    )


def _header(report: Report) -> Iterator[str]:
    header = report.header
    yield f"# {plain(header.title)}\n"
    yield f"{plain(f'{header.level} {header.role}, {header.company}')}\n"
    yield f"{day(header.held)}, {length_of_time(header.duration_s)}, {header.mode}. **{header.notice}**\n"
    if header.doubtful_share is not None:
        yield f"Transcript {header.quality}: {percent(header.doubtful_share)} of the words doubtful.\n"
    if header.calibration == "uncalibrated":
        yield (
            "The levels are uncalibrated: trust their order and the quotes under them more than the numbers.\n"
        )


def _levels(report: Report) -> Iterator[str]:
    yield "## Level by stage\n"
    titles = {used.id: used.title for used in report.rubrics}
    rows = [(stage, entry) for stage in report.stages for entry in stage.levels if entry.rubric in titles]
    if not rows:
        yield "No answer is graded.\n"
        return
    yield "| stage | rubric | level | answers | quotes |\n|---|---|---|---|---|"
    for stage, entry in rows:
        yield (
            f"| {plain(stage.title)} | {plain(titles[entry.rubric])} | {plain(_level_or_reason(entry))} "
            f"| {entry.answers} | {entry.quotes} |"
        )
    yield f"\n{report.method.level_rule}\n"


def _level_or_reason(entry: RubricLevel) -> str:
    return level_words(entry.level) if entry.level else f"not assessed: {entry.reason}"


def _moves(report: Report) -> Iterator[str]:
    yield "## Biggest moves\n"
    if not report.moves:
        yield "Moves are found in graded answers, and there are none yet.\n"
    for number, move in enumerate(report.moves, 1):
        yield from _move(number, move)


def _move(number: int, move: Move) -> Iterator[str]:
    aim = f"{move.role_word} asked for" if move.role_word else f"{move.next_word} next"
    yield f"### {number}. {plain(move.title)}: {plain(move.level.word)} now, {plain(aim)}\n"
    yield f"Answer {move.number}: {plain(move.question_text)}\n"
    said = (
        f'"{plain(move.quote.text)}"{_at(move.quote.at_s)}'
        if move.quote
        else "nothing was found for this row"
    )
    yield f"- Said: {said}"
    yield f"- Level {move.next_level}, {plain(move.next_word)}: {plain(sentence(move.next_anchor))}"
    if move.role_anchor and move.role_level != move.next_level:
        yield f"- Level {move.role_level}, {plain(move.role_word or '')}: {plain(sentence(move.role_anchor))}"
    yield "- The same answer, told better (only sentences that were said):"
    for piece in move.better:
        told = (
            f'"{plain(piece.quote)}"{_at(piece.at_s)}'
            if piece.quote
            else f"**[add: {plain(piece.add or '')}]**"
        )
        yield f"    - {plain(', '.join(piece.titles))}: {told}"
    yield f"- Drill: {plain(move.drill)}"
    yield from (f"    - Answer aloud: {plain(question)}" for question in move.practise)
    yield ""


def _map(report: Report) -> Iterator[str]:
    if not report.rubrics:
        return
    yield "## Every row in every stage\n"
    yield "| row | " + " | ".join(plain(stage.title) for stage in report.stages) + " |"
    yield "|---" * (len(report.stages) + 1) + "|"
    for used in report.rubrics:
        names = {r.row: r.title for stage in report.stages for r in stage.rows if r.rubric == used.id}
        for row, title in names.items():
            cells = []
            for stage in report.stages:
                found = next((r.level for r in stage.rows if (r.rubric, r.row) == (used.id, row)), None)
                cells.append(level_figure(found.level) if found else "not assessed")
            yield f"| {plain(title)} ({used.id}) | " + " | ".join(cells) + " |"
    yield ""


def _answers(report: Report) -> Iterator[str]:
    if report.answers:
        yield "## Answers\n"
    for answer in report.answers:
        yield from _answer(answer)


def _answer(answer: AnswerReport) -> Iterator[str]:
    yield f"### {answer.number}. {plain(answer.question_text)}\n"
    yield f"{plain(answer.topic_title)}, {answer.words} words, {_STATUS[answer.status]}.\n"
    if answer.reason:
        yield f"- {plain(sentence(answer.reason))} {_mend(answer.mend or '')}".rstrip()
    yield from (f"- Followed up with: {plain(probe)}" for probe in answer.probes)
    yield from (f"- It asks for: {plain(question)}" for question in answer.practise)
    for entry in answer.levels:
        yield f"- **{plain(entry.rubric)}: {plain(_level_or_reason(entry))}**"
    for row in answer.rows if answer.status != "not-graded" else ():
        what = level_words(row.level) if row.level else f"not assessed: {row.reason}"
        yield f"- {plain(row.title)}: {plain(what)}"
        if row.tests:
            yield f"    - {plain(row.tests)}"
        yield from (f'    - "{plain(quote.text)}"{_at(quote.at_s)}' for quote in row.quotes)
    if answer.points:
        yield f"- Points touched: {answer.points.covered} of {answer.points.invited}"
        yield from (
            f"    - Left out: {plain(p.text)} ({plain(p.topic_title)}, {plain(p.id)})"
            for p in answer.points.missed
        )
    yield ""
    yield from _pads(answer)


def _pads(answer: AnswerReport) -> Iterator[str]:
    if answer.code:
        yield f"Code: {plain(answer.code.problem)}\n\n{fenced(answer.code.code, 'python')}\n"
        for test in answer.code.tests:
            yield f"- {test.suite}: {plain(test.name)}: {test.status} {plain(test.message or '')}".rstrip()
        yield ""
    if answer.sketch:
        yield f"Sketch:\n\n{fenced(sketch_in_words(answer.sketch))}\n"


def _mend(mend: str) -> str:
    words, colon, command = capitalise(mend).partition(": soundcheck ")
    return f"{plain(words)}: `soundcheck {command}`" if colon else plain(mend and sentence(mend))


def _delivery(report: Report) -> Iterator[str]:
    if report.delivery is None:
        return
    yield "## Delivery (not scored)\n"
    yield (
        "| answer | first telling | words a minute | over time | pauses amid it | amid a sentence | longest "
        "| thinking before the first word | fillers, at least |"
    )
    yield "|---|---|---|---|---|---|---|---|---|"
    for a in report.delivery.answers:
        pace = f"{a.words_per_minute:.0f}" if a.words_per_minute else "too short"
        first = f"{a.first_word_s:.1f} s" if a.first_word_s is not None else "unknown"
        paces = ", ".join(f"{stretch.words_per_minute:.0f}" for stretch in a.paces) or "too short"
        amid = sum(pause.amid_sentence for pause in a.pauses)
        yield (
            f"| {a.number} | {length_of_time(a.first_telling_s)} ({a.against_target}) | {pace} | {paces} "
            f"| {len(a.pauses)} | {amid} | {a.longest_pause_s:.1f} s | {first} | {a.fillers_at_least} |"
        )
    yield ""


def _probing(report: Report) -> Iterator[str]:
    if report.probing:
        yield "## Volunteered or drawn out\n"
        yield f"{report.probing.volunteered} quotes were volunteered, {report.probing.probed} came after a probe.\n"


def _trend(report: Report) -> Iterator[str]:
    if report.trend:
        yield "## Against earlier sessions\n"
        for p in report.trend:
            yield f"- {day(p.held)}: {plain(p.stage)} ({p.rubric}) {plain(level_words(p.level))}"
        yield ""


def _plan(report: Report) -> Iterator[str]:
    yield "## Your next week\n"
    for item in report.plan:
        command = f" `{item.command}`" if item.command else ""
        steps = " ".join(plain(step) for step in item.steps)
        yield f"- **{day(item.on)}, {item.minutes} min, {plain(item.title)}.** {steps}{command}"
    yield ""


def _transcript(report: Report) -> Iterator[str]:
    if report.transcript:
        yield "## Transcript\n"
        for turn in report.transcript:
            if turn.kind in PAD_KINDS:
                yield f"**{turn.speaker}** ({turn.kind}):\n\n{fenced(turn.text)}\n"
            else:
                yield f"**{turn.speaker}**{_at(turn.at_s)}: {plain(turn.text)}\n"


def _method(report: Report) -> Iterator[str]:
    method = report.method
    yield "## How this was computed\n"
    yield from (f"- Rubric {plain(used.version)}" for used in report.rubrics)
    yield f"- Grader: {plain(', '.join(method.models) or 'none yet')}, {report.header.calibration}"
    flags = ", ".join(f"{flag} in {count}" for flag, count in method.flags.items()) or "nothing was flagged"
    yield f"- Gates: {plain(flags)}"
    yield f"- Quotes found letter for letter: {method.quotes}; refused: {method.quotes_refused}"
    yield f"- Made {moment(report.made)} by Soundcheck {method.soundcheck}, loop {plain(method.loop)}"
    yield from (f"- SHA-256 of {plain(name)}: `{value}`" for name, value in method.sha256.items())
    yield f"\nDelete everything of this session: `{report.delete_command}`\n"


def _at(at_s: float | None) -> str:
    return f" ({clock(at_s)})" if at_s is not None else ""
