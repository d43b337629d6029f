"""An explanation never contradicts the day on which an exit takes effect: it says what moved that day, and when."""

from builders import Event, acted, deposited, fact, folded, leaving, notified, registered

from treaty_contracts.canonical import JSON
from treaty_projector.bitemporal.documents import standing_document
from treaty_projector.queries.exit_story import Step, exit_steps
from treaty_projector.queries.reports import report_steps, weaker_reports

NEGOTIATED: JSON = {"rule": "negotiated", "long_stop": "P2Y"}
FIRST = (
    "A notice of withdrawal was received on 2019-03-01; "
    "by the rule negotiated, at most P2Y, it takes effect on 2021-03-01."
)
HALF_A_YEAR: JSON = {"rule": "period", "period": "P6M"}


def told(notice: JSON, *events: Event) -> list[Step]:
    """Return the steps of the exit of a party, under a treaty with that clause on notices, or none; it begins at 2."""
    every = [
        registered(leaving(notice) if notice else {"entry_into_force": {"rule": "on_date", "date": "1948-04-07"}}),
        deposited("USA", "2001-01-01"),
        *events,
    ]
    exits = standing_document(folded(*every).standings["USA"])["exits"]
    return list(exit_steps(exits, {at: type_ for at, (type_, _) in enumerate(every)}))


def says(steps: list[Step]) -> list[tuple[str, int | None, str]]:
    return [(step.day, step.position, step.says) for step in steps]


def test_each_extension_is_a_step_of_its_own() -> None:
    first = acted("withdrawal.extended", "USA", decided_on="2021-02-20", effective_on="2021-06-01")
    second = acted("withdrawal.extended", "USA", decided_on="2021-05-20", effective_on="2021-09-01")
    assert says(told(NEGOTIATED, notified("USA", "2019-03-01"), first, second)) == [
        ("2019-03-01", 2, FIRST),
        ("2021-02-20", 3, "From then on its day of effect is 2021-06-01."),
        ("2021-05-20", 4, "From then on its day of effect is 2021-09-01."),
        ("2021-09-01", 2, "The exit took effect on 2021-09-01; no further act was needed."),
    ]


def test_a_stated_day_that_is_not_the_rules_is_told_beside_it() -> None:
    notice, _ = told(HALF_A_YEAR, notified("USA", "2019-12-12", states_effective_on="2020-06-13"))
    assert "the rule period P6M gives 2020-06-12; it takes effect on 2020-06-13, which it states." in notice.says


def test_without_a_clause_the_article_is_the_one_on_exits_without_a_clause() -> None:
    notice, _ = told(None, notified("USA", "2019-12-12", states_effective_on="2020-12-12"))
    assert notice.article == "VCLT Art. 56"
    assert "no rule gives a day; it takes effect on 2020-12-12, which it states." in notice.says


def test_a_suspended_notice_is_told_from_the_day_of_the_suspension() -> None:
    suspended = acted("withdrawal.suspended", "USA", received_on="2020-01-10")
    _, step = told(HALF_A_YEAR, notified("USA", "2019-12-12"), suspended)
    assert (step.day, step.position, step.rule) == ("2020-01-10", 3, "contested")


def test_a_notice_about_a_part_is_said_to_be_one() -> None:
    notice, *_ = told(HALF_A_YEAR, notified("USA", "2019-12-12", scope="part II"))
    assert notice.says.endswith("It concerns part II alone: membership goes on.")


def test_of_several_reports_the_one_that_counts_is_cited_and_the_others_stand_beside_it() -> None:
    by = {"press": "2010-01-01", "depositary": "2010-01-10", "official": "2010-01-15"}
    events = [registered(), deposited("USA", "2001-01-01")]
    events += [notified("USA", day, asserted_by=who) for who, day in by.items()]
    facts = [fact(type_, at, data, source=f"urn:{at}") for at, (type_, data) in enumerate(events)]
    weaker = weaker_reports(facts, "USA")
    assert weaker == {2: 3, 4: 3}
    step = Step("2010-01-10", 2, "period P1Y", "10", "A notice was received.")
    assert step.resting_on(weaker).position == 3
    assert [(each.day, each.position) for each in report_steps(facts, weaker)] == [("2010-01-01", 2), ("2010-01-15", 4)]
    assert weaker_reports(facts, "FRA") == {}
