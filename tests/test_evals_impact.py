from pathlib import Path

import pytest

from evals.errors import DatasetError
from evals.impact import CAVEAT, Person, impact, read_groups


def people(counts: dict[str, tuple[int, int]]) -> tuple[list[Person], dict[str, dict[str, str]]]:
    """`counts`: by group, how many were selected and how many were not; the selected have the higher level."""
    found, groups = [], {}
    for group, (selected, others) in counts.items():
        for number in range(selected + others):
            name = f"{group}-{number}"
            chosen = number < selected
            found.append(Person(candidate=name, selected=chosen, level=4.0 if chosen else 2.0))
            groups[name] = {"gender": group}
    return found, groups


def test_the_ratio_is_taken_against_the_highest_rate_with_counts_beside_it() -> None:
    report = impact(*people({"a": (30, 20), "b": (15, 35)}), "s@1.0+0")
    a, b = report.groups
    assert (a.rate, a.impact_ratio, a.exact_p) == (0.6, 1.0, None)
    assert (b.people, b.selected, b.rate, b.impact_ratio) == (50, 15, 0.3, 0.5)
    assert b.exact_p == pytest.approx(0.0047, abs=0.0005)
    assert "below four fifths" in b.note
    assert (b.scoring_rate, b.scoring_ratio) == (0.3, 0.5)
    assert report.caveat == CAVEAT
    assert "not an audit" in report.caveat


def test_of_a_small_group_nothing_is_said() -> None:
    report = impact(*people({"a": (30, 20), "b": (0, 4)}), "s@1.0+0")
    b = report.groups[1]
    assert (b.people, b.selected, b.rate, b.impact_ratio, b.exact_p, b.scoring_rate) == (
        4,
        0,
        None,
        None,
        None,
        None,
    )
    assert b.note.startswith("too few to say: 4")


def test_a_small_group_never_becomes_the_yardstick() -> None:
    report = impact(*people({"a": (10, 10), "b": (2, 0)}), "s@1.0+0")
    assert [g.impact_ratio for g in report.groups] == [1.0, None]


def test_with_few_people_the_ratio_comes_with_a_warning() -> None:
    report = impact(*people({"a": (6, 4), "b": (3, 7)}), "s@1.0+0")
    assert all("few: with 10 people" in group.note for group in report.groups)


def test_candidates_without_a_group_are_counted_and_left_out() -> None:
    found, groups = people({"a": (5, 5)})
    del groups["a-0"]
    report = impact(found, groups, "s@1.0+0")
    assert (report.people, report.without_group, report.groups[0].people) == (9, 1, 9)


def test_a_bad_file_of_groups_is_named_with_line_and_fix(tmp_path: Path) -> None:
    file = tmp_path / "groups.csv"
    file.write_text("candidate,gender\nC-1,f\nC-1,m\n", encoding="utf-8")
    with pytest.raises(DatasetError, match=r"groups\.csv:3: candidate: `C-1` is given twice"):
        read_groups(file)
    file.write_text("name,gender\nC-1,f\n", encoding="utf-8")
    with pytest.raises(DatasetError, match="no column `candidate`"):
        read_groups(file)
    file.write_text("candidate,gender,age\nC-1,f,\nC-2,m,40-49\n", encoding="utf-8")
    assert read_groups(file) == {"C-1": {"gender": "f"}, "C-2": {"gender": "m", "age": "40-49"}}


def test_a_line_with_a_cell_too_many_or_too_few_is_named(tmp_path: Path) -> None:
    file = tmp_path / "groups.csv"
    for lines in ("candidate,gender\nC-1,f,extra\n", "candidate,gender,age\nC-1,f\n"):
        file.write_text(lines, encoding="utf-8")
        with pytest.raises(DatasetError, match=r"groups\.csv:2: \d cells"):
            read_groups(file)
    for heads in ("candidate;gender\nC-1;f\n", "candidate,gender,gender\nC-1,f,m\n", ""):
        file.write_text(heads, encoding="utf-8")
        with pytest.raises(DatasetError, match=r"groups\.csv:1: no column .*\n.*commas between them"):
            read_groups(file)


def test_hostile_text_in_a_group_is_kept_as_plain_text(tmp_path: Path) -> None:
    file = tmp_path / "groups.csv"
    file.write_text('candidate,gender\n C-1 ,"\x1b[31m[/red]=1+1"\n\n', encoding="utf-8")
    assert read_groups(file) == {"C-1": {"gender": "[31m[/red]=1+1"}}


def test_lines_of_nobody_who_was_decided_on_are_counted() -> None:
    found, groups = people({"a": (5, 5)})
    report = impact(found, {**groups, "C-unknown": {"gender": "a"}}, "s@1.0+0")
    assert (report.people, report.not_decided) == (10, 1)
