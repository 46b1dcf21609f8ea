"""Which questions an interviewer must not ask, and which only sound like them."""

import pytest

from knowledge.lawful import risks_of

UNLAWFUL = [
    "How old are you?",
    "What year did you graduate from college?",
    "When do you plan to retire?",
    "Would you mind reporting to someone younger than you?",
    "What is your date of birth?",
    "Are you married?",
    "Do you have any kids?",
    "Are you planning to start a family soon?",
    "What does your husband do for a living?",
    "Are you pregnant or planning to be?",
    "How will you arrange childcare?",
    "Who looks after your children when you travel?",
    "Are you gay?",
    "What is your sexual orientation?",
    "How do you cope as a woman in a male team?",
    "Do you have a disability?",
    "Have you ever suffered from depression?",
    "How many sick days did you take last year?",
    "Do you take any medication?",
    "How is your health?",
    "Have you been diagnosed with ADHD?",
    "What religion are you?",
    "Do you go to church on Sundays?",
    "Are you Muslim?",
    "Do you observe Ramadan?",
    "Where are you originally from?",
    "Is English your first language?",
    "What is your native language?",
    "Are you a US citizen?",
    "What is your ethnicity?",
    "Where were your parents born?",
    "Which nationality do you hold?",
    "Were you born here?",
    "That's an interesting accent, where does your name come from?",
    "What is your current salary?",
    "How much did you earn in your last job?",
    "How much do you make now?",
    "Can we see your salary history?",
    "What were you paid before?",
    "Have you ever been arrested?",
    "Do you have a criminal record?",
    "Have you been convicted of a crime?",
    "Are you a member of a union?",
    "What do you think about unions?",
    "Who did you vote for?",
    "What are your political views?",
    "Are you a Republican?",
    "What is your credit score?",
    "Do you own a car?",
    "Were you dishonorably discharged from the army?",
]
LAWFUL = [
    "How would you design a cloud-native feature store?",
    "What is the average cache age at which you would evict an entry?",
    "How does the origin server handle a cache miss?",
    "How would you audit fairness across age, gender and country?",
    "Which native libraries does your pipeline rely on?",
    "When do you plan to retire the old model?",
    "Would you retire that pipeline now or keep both?",
    "How would you handle children's songs in a parent's account?",
    "Do you have a way to detect kids' listening on a shared account?",
    "How do child processes report to the parent process?",
    "What family of models would you try first?",
    "How did you find the race condition in your cache?",
    "What is your race condition test?",
    "How do you check the health of the service?",
    "What do your health checks cover?",
    "What are your salary expectations?",
    "Do you need visa sponsorship or relocation?",
    "Are you authorised to work in this country?",
    "How would you compute the union of the two candidate sets?",
    "How do you join a union of tables in BigQuery?",
    "Which party in that dispute gave ground?",
    "How did you engage your partner teams?",
    "How did your partner squad react?",
    "Are you engaged with the research community?",
    "Did the model suffer from popularity bias?",
    "How would you handle the birth of a new artist's catalogue?",
    "What is the country of origin of most requests?",
    "How do you weigh a skip against a save?",
    "How much did you make the index smaller?",
    "Have you ever had a model disagree with an experiment?",
    "How would you serve listeners with disabilities?",
    "Where did your training data come from?",
    "Where does the traffic come from?",
    "Did you have any problems with data health?",
    "How conservative are you with confidence thresholds?",
    "What drew you to this field in the first place?",
    "How would you cap the age of features at serving time?",
    "How did you vote between ensembles, by average or by rank?",
    "What is the single most important metric you watched?",
    "How did you take ownership of a project in a tribe with several squads?",
    "What language do you write pipelines in, and what was your first programming language?",
    "How would you retire from a vendor contract safely?",
    "Which years of data did you train on?",
    "How old is the data when it reaches the model?",
    "How would you model a family account with five listeners?",
    "What does your team expect of you?",
    "How would you build a credit score model without bias?",
    "Which black-box model would you replace?",
    "How would you treat Christmas songs in January?",
    "How do you support squads that join the platform?",
]


@pytest.mark.parametrize("text", UNLAWFUL)
def test_a_question_about_a_protected_trait_is_caught(text: str) -> None:
    assert risks_of(text)


@pytest.mark.parametrize("text", LAWFUL)
def test_a_question_about_the_work_passes(text: str) -> None:
    assert [risk.about for risk in risks_of(text)] == []


def test_what_to_ask_instead_is_said() -> None:
    (risk,) = risks_of("What is your current salary?")
    assert (risk.about, risk.instead) == ("salary history", "ask for the candidate's expectations")


def test_a_typographic_apostrophe_and_line_breaks_make_no_difference() -> None:
    assert risks_of("What\u2019s your\nmarital status?")
