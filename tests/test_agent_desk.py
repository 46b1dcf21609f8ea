"""The desk: consent first, a person before the machine, a log one can only add to, nothing left over."""

import asyncio
import csv
import io
import json
import shutil
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.desk.answers import words_of
from agent.desk.audit import audit
from agent.desk.conducting import ConsentKeeper
from agent.desk.handing_out import as_csv, rated_rows
from agent.desk.log import DeskLog
from agent.desk.retention import (
    delete_all,
    delete_expired,
    delete_session,
    delete_when_due,
    export_all,
    export_session,
    leftovers,
)
from agent.desk.review import Review, ranked
from agent.desk.screenings import UNANSWERED_INVITATION_DAYS, Desk
from agent.errors import SessionError
from agent.report.write import write_report
from agent.settings import Settings
from graphs.models import View
from graphs.scripted import plan_of_script
from knowledge.loader import Content
from tests.desk import SECRET, desk_at, graded, rate_all, reviewed, screened, script

BY = "Robin Vale"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return desk_at(tmp_path)


@pytest.fixture(scope="module")
def held(content: Content, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, View]:
    """A desk with one candidate, held once; every test has a copy of its own."""
    folder = tmp_path_factory.mktemp("held")
    return folder, reviewed(desk_at(folder), content).view


@pytest.fixture
def review(desk: Desk, held: tuple[Path, View], tmp_path: Path) -> Review:
    folder, view = held
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    return Review(desk, desk.all()[0], view, by=BY)


def kinds(desk: Desk) -> list[str]:
    return [entry.kind for entry in desk.log.entries()]


async def test_the_consent_is_recorded_with_what_was_agreed_to(desk: Desk, content: Content) -> None:
    screening, _ = await screened(desk, content)
    assert screening.consent is not None
    assert screening.consent.words == "Yes, I agree."
    assert screening.consent.version == script().version
    assert kinds(desk) == ["invited", "consent"]


async def test_of_a_refusal_nothing_is_kept_but_that_there_was_one(
    desk: Desk, content: Content, tmp_path: Path
) -> None:
    screening, view = await screened(desk, content, "C-refuser", consent="No, I'd rather talk to a person.")
    assert view.consent == "refused"
    assert not screening.session.folder.exists()
    assert kinds(desk) == ["invited", "refused"]
    assert leftovers(tmp_path, ["C-refuser", "rather talk"]) == []
    assert audit(desk).findings == []


async def test_of_a_consent_that_is_taken_back_nothing_is_kept(
    desk: Desk, content: Content, tmp_path: Path
) -> None:
    screening, view = await screened(desk, content, "C-doubter")
    withdrawn = view.model_copy(update={"consent": "refused"})
    keeper = ConsentKeeper(Settings(data_dir=tmp_path / "data"), screening.session)
    assert not keeper.ended(withdrawn)
    assert kinds(desk) == ["invited", "consent", "refused"]
    assert leftovers(tmp_path, ["C-doubter", SECRET]) == []
    assert audit(desk).findings == []


async def test_nobody_is_asked_twice_by_the_same_script(desk: Desk, content: Content) -> None:
    await screened(desk, content)
    with pytest.raises(SessionError, match="has a session"):
        desk.invite(script(), "C-017", mode="typed", by=BY)


def test_the_machine_says_nothing_before_the_reviewer_has(review: Review) -> None:
    answer = review.core[0]
    (row,) = review.rows(answer)
    assert row.machine is None
    with pytest.raises(SessionError, match="your own level first"):
        review.machine(row.question, row.row)
    review.rate(row.question, row.row, 3)
    shown = review.machine(row.question, row.row)
    assert shown is not None
    assert shown.level == 4.0


def test_a_level_once_given_is_overridden_with_a_reason_and_never_replaced(
    review: Review, desk: Desk
) -> None:
    question, row = review.core[0].question, review.core[0].rows[0]
    with pytest.raises(SessionError, match="not rated yet"):
        review.override(question, row, 4, "I had missed the figure")
    review.rate(question, row, 3)
    with pytest.raises(SessionError, match="rated already"):
        review.rate(question, row, 4)
    with pytest.raises(SessionError, match="a reason is needed"):
        review.override(question, row, 4, "hm")
    review.override(question, row, 4, "I had missed the figure")
    (after,) = review.rows(review.core[0])
    assert (after.rating, after.final) == (3, 4)
    assert [r.kind for r in review.records()] == ["rating", "override"]
    assert kinds(desk)[-2:] == ["rating", "override"]


def test_another_reviewer_starts_blind(review: Review, desk: Desk) -> None:
    rate_all(review)
    other = Review(desk, review.screening, review.view, by="Mika Lund")
    assert not other.rated
    assert all(row.machine is None and row.rating is None for a in other.core for row in other.rows(a))


def test_only_a_person_who_rated_everything_decides_and_says_why(review: Review) -> None:
    with pytest.raises(SessionError, match="rate every answer"):
        review.decide("go-on", "Strong on systems in production")
    rate_all(review)
    with pytest.raises(SessionError, match="a reason is needed"):
        review.decide("go-on", "ok")
    review.decide("go-on", "Strong on systems in production")
    assert review.decision is not None
    assert (review.decision.verdict, review.decision.by) == ("go-on", BY)


def test_too_little_evidence_leaves_only_a_conversation(desk: Desk, content: Content) -> None:
    review = reviewed(desk, content, answers=2)
    rate_all(review)
    assert not review.enough
    with pytest.raises(SessionError, match="fewer than 4 answers"):
        review.decide("decline", "Three questions were skipped")
    review.decide("talk-to-a-person", "Three questions were skipped")


async def test_nobody_is_ranked_without_a_persons_rating(desk: Desk, content: Content) -> None:
    reviews = []
    for number, level in enumerate((2, 4, None)):
        screening, view = await screened(desk, content, f"C-{number}")
        graded(screening, view, level=5.0 - number)
        reviews.append(Review(desk, screening, view, by=BY))
        if level is not None:
            rate_all(reviews[-1], level)
    order = [(review.screening.info.candidate, mean) for review, mean in ranked(reviews)]
    assert order == [("C-1", 4.0), ("C-0", 2.0)]


def test_an_untouched_log_holds(review: Review, desk: Desk) -> None:
    rate_all(review)
    review.decide("go-on", "Strong on systems in production")
    found = audit(desk)
    assert found.findings == []
    assert found.entries == len(desk.log.entries()) > 6
    assert audit(desk, expected_head=found.head).findings == []


def tampered_line(line: str) -> str:
    return line.replace('"by":"Robin Vale"', '"by":"Nobody"')


@pytest.mark.parametrize(
    ("tamper", "first"),
    [
        (lambda lines: [*lines[:2], tampered_line(lines[2]), *lines[3:]], 4),
        (lambda lines: [*lines[:2], *lines[3:]], 3),
        (lambda lines: [*lines[:2], lines[3], lines[2], *lines[4:]], 3),
        (lambda lines: lines[:-2], 6),
        (lambda lines: [], 1),
        (lambda lines: [*lines[:-1], tampered_line(lines[-1])], 7),
        (lambda lines: [*lines[:3], "{not json", *lines[4:]], 4),
    ],
    ids=["changed", "taken out", "swapped", "cut off", "emptied", "last one changed", "unreadable"],
)
def test_a_tampered_log_is_found_at_its_first_broken_entry(
    review: Review, desk: Desk, tamper: Callable[[list[str]], list[str]], first: int
) -> None:
    rate_all(review)
    lines = desk.log.path.read_text().splitlines()
    assert len(lines) == 7
    desk.log.path.write_text("".join(f"{line}\n" for line in tamper(lines)))
    broken = desk.log.verify()
    assert broken is not None
    assert broken.number == first
    assert audit(desk).findings[0].entry == first
    with pytest.raises(SessionError, match=f"entry {first}"):
        review.decide("go-on", "Strong on systems in production")


def test_a_changed_rating_behind_the_log_is_found_and_does_not_count(review: Review, desk: Desk) -> None:
    rate_all(review)
    path = review.screening.session.folder / "review.jsonl"
    path.write_text(path.read_text().replace('"level":3', '"level":5', 1))
    again = Review(desk, review.screening, review.view, by=BY)
    assert again.rows(again.core[0])[0].rating is None
    assert again.unvouched == 1
    whys = [finding.why for finding in audit(desk).findings]
    assert any("rating it vouches for was changed" in why for why in whys)
    assert any("a line that the log does not know" in why for why in whys)


@pytest.mark.parametrize(
    ("file", "old", "new", "why"),
    [
        ("screening.json", "C-017", "C-018", "candidate's script it vouches for was changed"),
        (
            "consent.json",
            "Yes, I agree.",
            "Yes, delete it in ten years.",
            "consent it vouches for was changed",
        ),
        ("grades.jsonl", '"level":4.0', '"level":5.0', "machine's level of"),
    ],
)
def test_a_changed_file_behind_the_log_is_found(
    review: Review, desk: Desk, file: str, old: str, new: str, why: str
) -> None:
    rate_all(review)
    review.machine(review.core[0].question, review.core[0].rows[0])
    assert audit(desk).findings == []
    path = review.screening.session.folder / file
    path.write_text(path.read_text().replace(old, new, 1))
    assert [why in finding.why for finding in audit(desk).findings] == [True]


async def test_an_answer_that_is_not_the_one_that_was_rated_is_found(
    review: Review, desk: Desk, settings: Settings
) -> None:
    rate_all(review)
    words = await words_of(settings, review.screening)
    assert audit(desk, words={review.screening.id: words}).findings == []
    words[review.core[0].question] = "0" * 64
    (finding,) = audit(desk, words={review.screening.id: words}).findings
    assert f"is not the one that {BY} rated" in finding.why


def test_the_reason_of_somebody_elses_decision_waits_for_ones_own_ratings(review: Review, desk: Desk) -> None:
    rate_all(review)
    review.decide("go-on", "The machine says 4.0 and so do I")
    assert review.reason == "The machine says 4.0 and so do I"
    other = Review(desk, review.screening, review.view, by="Mika Lund")
    assert "once you have rated" in other.reason
    assert {row.reason for row in rated_rows([other])} == {other.reason}
    rate_all(other)
    assert other.reason == review.reason


def test_a_candidate_whom_the_log_does_not_know_is_found(review: Review, desk: Desk) -> None:
    shutil.rmtree(desk.log.path.parent)
    whys = [finding.why for finding in audit(desk).findings]
    assert "is a candidate that the log does not know" in whys
    assert "has a consent that the log does not know" in whys


def test_what_is_overdue_is_found(review: Review, desk: Desk) -> None:
    path = review.screening.session.folder / "consent.json"
    path.write_text(path.read_text().replace('"given": "20', '"given": "19', 1))
    assert any("should have been deleted on 19" in finding.why for finding in audit(desk).findings)


def test_a_damaged_candidate_hides_no_other_and_can_be_deleted(
    review: Review, desk: Desk, settings: Settings
) -> None:
    desk.invite(script(), "C-018", mode="typed", by=BY)
    broken = review.screening.session
    (broken.folder / "screening.json").write_text('{"candidate": "C-0')
    assert [each.info.candidate for each in desk.all()] == ["C-018"]
    assert [each.session.id for each in desk.damaged()] == [broken.id]
    assert any(f"soundcheck sessions delete {broken.id}" in f.why for f in audit(desk).findings)
    delete_session(settings, broken, by=BY)
    assert kinds(desk)[-1] == "deleted"
    assert audit(desk).findings == []


def test_a_decision_that_cannot_be_logged_was_not_made(
    review: Review, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    rate_all(review)
    with monkeypatch.context() as full:
        full.setattr("agent.desk.log.append_durably", _disk_is_full)
        with pytest.raises(SessionError, match="full"):
            review.decide("go-on", "Strong on systems in production")
    assert review.decision is None
    assert audit(desk).findings == []
    review.decide("go-on", "Strong on systems in production")
    assert audit(desk).findings == []


def test_a_log_whose_head_cannot_be_written_is_mended_by_the_next_entry(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.log.add("export", session="s0", script="x@1.0+0", by=BY)
    with monkeypatch.context() as full:
        full.setattr("agent.desk.log.write_atomically", _disk_is_full)
        desk.log.add("export", session="s1", script="x@1.0+0", by=BY)
        with pytest.raises(SessionError, match="full"):
            desk.log.add("export", session="s2", script="x@1.0+0", by=BY)
    desk.log.add("export", session="s3", script="x@1.0+0", by=BY)
    assert [entry.session for entry in desk.log.entries()] == ["s0", "s1", "s3"]
    assert desk.log.verify() is None


def test_half_a_line_that_a_crash_left_stops_nothing(desk: Desk) -> None:
    desk.log.add("export", session="s0", script="x@1.0+0", by=BY)
    with desk.log.path.open("ab") as file:
        file.write(b'{"number":2,"at":"20')
    assert desk.log.verify() is None
    desk.log.add("export", session="s1", script="x@1.0+0", by=BY)
    assert [entry.session for entry in desk.log.entries()] == ["s0", "s1"]


def _disk_is_full(*_: object) -> None:
    raise SessionError("the disk is full")


def test_whoever_exported_the_machines_levels_cannot_rate_any_more(
    review: Review, desk: Desk, tmp_path: Path
) -> None:
    export_all(desk, review.screening, tmp_path / "all.zip", by=BY)
    question, row = review.core[0].question, review.core[0].rows[0]
    again = Review(desk, review.screening, review.view, by=BY)
    with pytest.raises(SessionError, match="somebody else has to rate"):
        again.rate(question, row, 3)
    Review(desk, review.screening, review.view, by="Mika Lund").rate(question, row, 3)


def test_a_candidate_is_exported_at_the_desk_only(review: Review, desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="soundcheck script export"):
        export_session(desk.store, review.screening.session, tmp_path / "all.zip")
    practice = desk.store.create(title="practice", mode="typed")
    assert export_session(desk.store, practice, tmp_path / "all.zip").exists()


def test_a_level_in_the_table_is_noted_as_shown(review: Review, desk: Desk) -> None:
    assert {row.machine for row in rated_rows([review])} == {None}
    review.rate(review.core[0].question, review.core[0].rows[0], 3)
    assert rated_rows([review])[0].machine == 4.0
    assert kinds(desk)[-2:] == ["rating", "shown"]


@pytest.mark.parametrize("name", ["candidate", "Retention period"])
def test_a_reviewer_is_called_nothing_that_means_something_else(
    review: Review, desk: Desk, name: str
) -> None:
    with pytest.raises(SessionError, match="your own name"):
        Review(desk, review.screening, review.view, by=name)


def test_a_session_can_begin_by_what_is_kept_of_its_script(review: Review) -> None:
    assert review.screening.plan == plan_of_script(script())


def test_a_session_that_is_gone_is_told_from_one_that_never_was(review: Review, desk: Desk) -> None:
    delete_all(desk, review.screening, by=BY)
    with pytest.raises(SessionError, match="was deleted on"):
        desk.get(review.screening.id)
    with pytest.raises(SessionError, match="is no session"):
        desk.get("20200101-000000-aaaa")


def test_a_folder_that_went_missing_is_found(review: Review, desk: Desk) -> None:
    desk.store.delete(review.screening.session)
    assert ["the folder is gone" in f.why for f in audit(desk).findings] == [True]


def test_a_rewritten_history_is_found_by_the_hash_that_was_kept(review: Review, desk: Desk) -> None:
    kept = desk.log.head
    for path in (desk.log.path, desk.log.path.with_name("head.json")):
        path.unlink()
    DeskLog(desk.log.path.parent).add("invited", session=review.screening.id, script="x@1.0+0", by=BY)
    assert desk.log.verify() is None
    assert any("another history" in f.why for f in audit(desk, expected_head=kept).findings)


def test_a_crash_between_log_and_head_is_no_tampering(desk: Desk) -> None:
    for number in range(3):
        desk.log.add("export", session=f"s{number}", script="x@1.0+0", by=BY)
    head = desk.log.path.with_name("head.json")
    before = head.read_text()
    desk.log.add("export", session="s3", script="x@1.0+0", by=BY)
    head.write_text(before)
    assert desk.log.verify() is None


def test_everything_held_about_a_candidate_is_handed_out(review: Review, desk: Desk, tmp_path: Path) -> None:
    rate_all(review)
    target = export_all(desk, review.screening, tmp_path / "all.zip", by=BY)
    with zipfile.ZipFile(target) as archive:
        names = {Path(name).name for name in archive.namelist()}
        entries = archive.read(f"{review.screening.id}/log.jsonl").decode().splitlines()
    assert names >= {
        "interview.sqlite",
        "grades.jsonl",
        "review.jsonl",
        "consent.json",
        "screening.json",
        "log.jsonl",
    }
    assert [json.loads(line)["kind"] for line in entries][:2] == ["invited", "consent"]


def test_a_deletion_leaves_nothing_but_a_tombstone(review: Review, desk: Desk, tmp_path: Path) -> None:
    rate_all(review)
    review.override(review.core[0].question, review.core[0].rows[0], 4, "The xylophone figure was missed")
    words = [SECRET, "C-017", "xylophone", "Yes, I agree"]
    assert len(leftovers(tmp_path, words)) > 3
    delete_all(desk, review.screening, by=BY)
    assert leftovers(tmp_path, words) == []
    assert not review.screening.session.folder.exists()
    assert kinds(desk)[-1] == "deleted"
    assert audit(desk).findings == []
    assert audit(desk).deleted == 1


def test_a_candidates_session_deleted_like_any_other_leaves_a_tombstone_too(
    review: Review, desk: Desk, tmp_path: Path
) -> None:
    settings = Settings(data_dir=tmp_path / "data", cache_dir=tmp_path / "cache")
    delete_session(settings, review.screening.session, by=BY)
    assert kinds(desk)[-1] == "deleted"
    practice = desk.store.create(title="practice", mode="typed")
    delete_session(settings, practice, by=BY)
    assert not practice.folder.exists()
    assert kinds(desk).count("deleted") == 1


def test_a_script_has_no_practice_report(review: Review, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", cache_dir=tmp_path / "cache")
    with pytest.raises(SessionError, match="no practice report"):
        asyncio.run(write_report(review.screening.session, settings))


def test_what_is_past_its_time_is_deleted_and_nothing_else(review: Review, desk: Desk) -> None:
    assert review.screening.consent is not None
    days = timedelta(days=review.screening.info.script.retention_days)
    assert delete_expired(desk, review.screening.consent.given + days - timedelta(hours=1)) == []
    assert delete_expired(desk, review.screening.consent.given + days) == [review.screening.id]
    assert desk.all() == []
    assert desk.log.entries()[-1].by == "retention period"


def test_a_conversation_that_is_under_way_is_deleted_after_it(review: Review, desk: Desk) -> None:
    late = datetime.now(UTC) + timedelta(days=1000)
    with review.screening.session.locked():
        assert delete_expired(desk, late) == []
    assert delete_expired(desk, late) == [review.screening.id]


async def test_a_server_deletes_what_is_due_without_being_asked(review: Review, desk: Desk) -> None:
    path = review.screening.session.folder / "consent.json"
    path.write_text(path.read_text().replace('"given": "20', '"given": "19', 1))

    async def until_the_server_ends(seconds: float) -> None:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await delete_when_due(desk, sleep=until_the_server_ends)
    assert desk.all() == []
    assert desk.log.entries()[-1].by == "retention period"


def test_a_log_that_is_broken_keeps_nothing_from_being_deleted(review: Review, desk: Desk) -> None:
    desk.log.path.write_text("")
    with pytest.raises(SessionError, match="nothing can be added"):
        delete_expired(desk, datetime.now(UTC) + timedelta(days=1000))
    assert desk.all() == []


def test_an_invitation_that_nobody_took_up_is_deleted_too(desk: Desk) -> None:
    screening = desk.invite(script(), "C-1", mode="typed", by=BY)
    assert delete_expired(desk) == []
    later = datetime.now(UTC) + timedelta(days=UNANSWERED_INVITATION_DAYS, minutes=1)
    assert delete_expired(desk, later) == [screening.id]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\uff1d1+1"])
def test_no_cell_of_the_table_is_a_formula(review: Review, cell: str) -> None:
    (first, *_) = rated_rows([review])
    row = first.model_copy(update={"candidate": cell, "override_reason": cell, "reason": f"{cell},\n{cell}"})
    (read,) = csv.DictReader(io.StringIO(as_csv([row]), newline=""))
    assert (read["candidate"], read["override_reason"]) == (f"'{cell}", f"'{cell}")
    assert read["reason"].startswith("'")
