import pytest

from evals.points import MAX_POINTS, MAX_WORDS, asked_for, points_of


def test_sentences_are_points_and_abbreviations_do_not_end_one() -> None:
    reference = (
        "No. Traffic comes in bursts, e.g. a video loads its next part. So arrivals are not independent."
    )
    assert points_of(reference) == [
        "No. Traffic comes in bursts, e.g. a video loads its next part.",
        "So arrivals are not independent.",
    ]


def test_of_a_list_each_line_is_a_point_and_what_explains_it_is_left_out() -> None:
    lines = ["Challenges:", "1.Security: packets can be read. This needs encryption.", "- Power"]
    lines += ["4.i)less noise there is", "● more"]
    assert points_of("\n".join(lines)) == [
        "Security: packets can be read.",
        "Challenges: Power",
        "less noise there is",
        "Challenges: more",
    ]


def test_points_are_few_and_short() -> None:
    reference = "\n".join(f"{n} is " + "a very long number " * 20 for n in range(40))
    points = points_of(reference)
    assert len(points) == MAX_POINTS
    assert all(len(point.split()) == MAX_WORDS for point in points)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("State at least 4 of the differences.", 4),
        ("Please NAME and DESCRIBE two challenges.", 2),
        ("Name the 2 phases and explain how they change.", 6),
        ("Explain your answer in 2-5 sentences.", 6),
        ("Name 9 of them.", 6),
        ("You flip a coin 6 times and see at least three heads.", 6),
    ],
)
def test_a_question_that_leaves_a_choice_wants_only_so_many_points(question: str, wanted: int) -> None:
    assert asked_for(question, 6) == wanted
