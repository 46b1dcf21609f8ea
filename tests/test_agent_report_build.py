"""From what is stored of a session to the report's data."""

from datetime import date
from pathlib import Path

import pytest

from agent.grading import text_sha256
from agent.report.material import PointCover
from agent.report.models import Report
from agent.report.practice import practice_plan
from agent.sessions import append_durably, write_atomically
from tests.report_sessions import (
    PROBED,
    STAFF,
    STAR,
    STORY,
    WEAK,
    SessionBuilder,
    material,
    practice_session,
    report_of,
)


@pytest.fixture
def report(tmp_path: Path) -> Report:
    return report_of(practice_session(tmp_path))


def test_every_quote_stands_letter_for_letter_in_the_answer(report: Report) -> None:
    texts = {"a1": f"{STORY}\n{PROBED}", "a2": WEAK, "a3": ""}
    quotes = [(texts[a.id], q) for a in report.answers for row in a.rows for q in row.quotes]
    assert len(quotes) == 7
    assert all(text[q.start : q.end] == q.text for text, q in quotes)


def test_a_quote_knows_when_it_was_said(tmp_path: Path) -> None:
    builder = practice_session(tmp_path)
    report = report_of(builder)
    quote = report.answers[0].rows[2].quotes[0]
    spoken = next(t for t in builder.turns if t.text == STORY)
    at_s = material(builder).hearing.at_s(spoken.id, STORY.index("accepted"))
    assert quote.at_s == at_s
    assert quote.at_s is not None
    assert quote.at_s > (report.answers[0].at_s or 0)


def test_a_quote_that_is_not_in_the_answer_is_refused_and_counted(tmp_path: Path) -> None:
    builder = practice_session(tmp_path)
    grades = builder.session.folder / "grades.jsonl"
    write_atomically(grades, grades.read_text().replace('"quote":"it went well"', '"quote":"it went great"'))
    report = report_of(builder)
    result = next(row for row in report.answers[1].rows if row.row == "result")
    assert result.quotes == []
    assert report.method.quotes_refused == 1
    assert report.method.quotes == 6


def test_levels_of_a_stage_are_kept_apart_by_rubric(report: Report) -> None:
    assert [(level.rubric, level.answers) for level in report.stages[0].levels] == [("star", 2), ("staff", 1)]
    assert report.stages[0].graded == 2


def test_a_row_that_no_question_asked_for_is_not_assessed_and_says_why(report: Report) -> None:
    row = next(r for r in report.stages[0].rows if r.row == "reflection")
    assert row.level is None
    assert row.reason == "no question here asked for it"


def test_what_came_in_the_first_part_is_volunteered_and_the_rest_was_probed_for(report: Report) -> None:
    assert report.probing is not None
    assert (report.probing.volunteered, report.probing.probed) == (6, 1)
    influence = next(r for r in report.probing.rows if r.row == "influence")
    assert (influence.volunteered, influence.probed) == (0, 1)


def test_moves_begin_with_what_is_surely_missing_and_name_the_next_anchor(report: Report) -> None:
    move = report.moves[0]
    assert (move.answer, move.row, move.next_level) == ("a2", "task", 3)
    assert move.quote is None
    assert move.next_anchor == "task as level 3 has it"
    assert (move.role_level, move.role_word) == (4, "strong")


def test_moves_are_of_different_rows(report: Report) -> None:
    assert len(report.moves) == 3
    assert len({(m.rubric, m.row) for m in report.moves}) == 3


def test_a_row_that_has_reached_the_role_is_no_move_while_others_have_not(report: Report) -> None:
    assert all(move.level.level < 3.5 for move in report.moves)


def test_a_better_answer_holds_only_sentences_that_were_said(report: Report) -> None:
    for move in report.moves:
        said = [piece.quote for piece in move.better if piece.quote]
        assert said
        assert all(quote in WEAK for quote in said)
        assert [p.add for p in move.better if p.add and move.title in p.titles] == [move.role_anchor]


def test_a_skipped_question_is_not_graded_and_shows_what_it_asks_for(report: Report) -> None:
    skipped = report.answers[2]
    assert (skipped.status, skipped.levels, skipped.rows) == ("skipped", [], [])
    assert skipped.practise


def test_words_of_a_story_are_shared_out_by_the_quotes(report: Report) -> None:
    shares = {s.row: s.words for s in report.answers[0].shares}
    assert shares == {"situation": 8, "action": 10, "result": 8}
    assert sum(s.share for s in report.answers[0].shares) < 1


def test_delivery_is_measured_from_word_times(report: Report) -> None:
    assert report.delivery is not None
    first = report.delivery.answers[0]
    assert first.words == len(f"{STORY} {PROBED}".split())
    assert len(first.pauses) == 3
    assert first.longest_pause_s == 0.9
    assert first.first_word_s == 1.5
    assert first.against_target == "short"
    assert first.words_per_minute == 158


def test_fillers_are_counted_as_heard(tmp_path: Path) -> None:
    builder = SessionBuilder(tmp_path)
    builder.ask("mentorship/q1", "Um, well, I uh gave her a real decision, erm, to make.")
    delivery = report_of(builder).delivery
    assert delivery is not None
    assert delivery.answers[0].fillers_at_least == 3


def test_the_transcript_marks_doubtful_words_and_the_badge_counts_them(report: Report) -> None:
    turn = next(t for t in report.transcript if t.text == STORY)
    assert [turn.text[start:end] for start, end in turn.doubtful] == ["Amara", "substitutes", "substitutes"]
    assert report.header.quality == "fair"
    assert report.header.doubtful_share == pytest.approx(3 / 94, abs=0.01)


def test_an_answer_that_was_added_to_after_grading_is_not_graded(tmp_path: Path) -> None:
    builder = practice_session(tmp_path)
    builder.answers[1] = builder.answers[1].model_copy(update={"text": f"{WEAK} It saved us a week."})
    report = report_of(builder)
    assert report.answers[1].status == "not-graded"
    assert "added to this answer" in (report.answers[1].reason or "")
    assert report.stages[0].graded == 1


def test_an_answer_the_grader_failed_on_says_so_and_how_to_grade_it(tmp_path: Path) -> None:
    builder = SessionBuilder(tmp_path)
    answer = builder.ask("mentorship/q1", STORY)
    builder.refuse(answer, "star", "language model unavailable: it does not answer")
    report = report_of(builder)
    card = report.answers[0]
    assert card.status == "not-graded"
    assert card.reason == "language model unavailable: it does not answer"
    assert card.mend == f"grade it again with: soundcheck report {builder.session.id}"
    assert all(level.level is None for level in report.stages[0].levels)
    assert report.moves == []


def test_an_answer_with_one_rubric_graded_is_partly_graded(tmp_path: Path) -> None:
    builder = practice_session(tmp_path)
    grades = builder.session.folder / "grades.jsonl"
    lines = grades.read_text().splitlines()
    start = lines[0].index('"staff"')
    lines[0] = lines[0][:start] + lines[0][start:].replace(
        '"status":"scored","reason":null', ('"status":"unscored","reason":"no verdict"'), 1
    )
    write_atomically(grades, "\n".join(lines) + "\n")
    assert report_of(builder).answers[0].status == "partly-graded"


def test_a_session_without_a_word_makes_a_report_without_a_level(tmp_path: Path) -> None:
    report = report_of(SessionBuilder(tmp_path, mode="typed"), finished=False)
    assert report.answers == []
    assert report.moves == []
    assert report.delivery is None
    assert report.probing is None
    assert report.header.calibration == "unknown"
    assert report.plan


def test_a_typed_session_has_neither_times_nor_delivery(tmp_path: Path) -> None:
    report = report_of(practice_session(tmp_path, mode="typed"))
    assert report.delivery is None
    assert report.header.quality == "typed"
    assert all(q.at_s is None for a in report.answers for row in a.rows for q in row.quotes)
    assert report.answers[0].levels[0].level is not None


def test_an_interview_that_stopped_amid_a_question_offers_to_carry_on(tmp_path: Path) -> None:
    builder = SessionBuilder(tmp_path)
    builder.ask("mentorship/q1", STORY, complete=False)
    report = report_of(builder, finished=False)
    assert report.answers[0].status == "open"
    assert report.plan[0].command == f"soundcheck sessions resume {builder.session.id}"


def test_levels_are_called_uncalibrated_where_the_grader_says_so(report: Report) -> None:
    assert report.header.calibration == "uncalibrated"
    assert "uncalibrated" not in report.method.flags


def test_missed_points_name_their_source(tmp_path: Path) -> None:
    builder = practice_session(tmp_path)
    answer = builder.answers[0]
    similarity = dict.fromkeys(answer.points, 0.8) | {answer.points[1]: 0.21}
    append_durably(
        builder.session.folder / "coverage.jsonl",
        PointCover(
            answer=answer.id, text_sha256=text_sha256(answer), similarity=similarity, covered_from=0.5
        ),
    )
    points = report_of(builder).answers[0].points
    assert points is not None
    assert (points.covered, points.invited) == (3, 4)
    topic = builder.content.topics["mentorship"]
    assert [(p.id, p.topic_title) for p in points.missed] == [(answer.points[1], topic.title)]
    assert points.missed[0].why


def test_a_worked_outline_is_shown_for_its_own_question_only(tmp_path: Path) -> None:
    builder = SessionBuilder(tmp_path)
    own = builder.content.banks["mentorship"].study.question
    builder.ask(f"mentorship/{own}", STORY)
    builder.ask("mentorship/q1", STORY)
    cards = report_of(builder).answers
    assert cards[0].study is not None
    assert cards[1].study is None


def test_only_earlier_sessions_with_the_same_rubric_version_are_compared(tmp_path: Path) -> None:
    same = report_of(practice_session(tmp_path, day=1))
    other = report_of(practice_session(tmp_path, day=2, version="0.9"))
    report = report_of(practice_session(tmp_path, day=5), earlier=[same, other])
    assert {(p.session, p.held) for p in report.trend} == {(same.header.session, date(2026, 11, 1))}
    assert {p.rubric for p in report.trend} == {"star", "staff"}


def test_the_plan_spreads_the_moves_over_the_week_after_the_session(report: Report) -> None:
    days = [item.on for item in report.plan]
    assert days == sorted(days)
    assert days[0] > date(2026, 11, 5)
    assert days[-1] <= date(2026, 11, 12)
    assert [i.title for i in report.plan if i.title.startswith("Drill")] == [
        f"Drill: {move.title}" for move in report.moves
    ]
    assert report.plan[-1].command == "soundcheck talk --stages behavioral"


def test_a_plan_can_be_made_of_nothing(tmp_path: Path) -> None:
    assert (
        practice_plan(SessionBuilder(tmp_path).session.info, [], [], [], {})[0].command == "soundcheck talk"
    )


def test_a_grade_by_a_rubric_that_is_gone_loses_only_that_grade(tmp_path: Path) -> None:
    report = report_of(practice_session(tmp_path), rubrics=[STAR])
    assert [level.rubric for level in report.answers[0].levels] == ["star"]
    report = report_of(practice_session(tmp_path, day=6), rubrics=[STAFF])
    assert report.answers[1].status == "not-graded"


def test_the_same_data_gives_the_same_report(tmp_path: Path) -> None:
    builder = practice_session(tmp_path)
    assert report_of(builder) == report_of(builder)
