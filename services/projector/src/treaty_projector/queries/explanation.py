"""Explain an answer: from recorded facts, through named rules with their articles, to the conclusion."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

import orjson

from treaty_contracts.canonical import JSON, JsonObject
from treaty_projector.law.supersession import effective_facts
from treaty_projector.queries.clocks import Clocks
from treaty_projector.queries.exit_story import Step, exit_steps, first, last, objects
from treaty_projector.queries.facts import facts_of
from treaty_projector.queries.members import member, require_treaty
from treaty_projector.queries.names import NameBook
from treaty_projector.queries.reports import report_steps, weaker_reports
from treaty_projector.queries.staleness import folded_size, staleness
from treaty_projector.reading import Reader

_CONSENT_ARTICLES = {
    "signature": "VCLT Art. 18",
    "definitive_signature": "VCLT Art. 12",
    "accession": "VCLT Art. 15, 16(b)",
    "succession": "Vienna Convention 1978 Art. 22, 23",
    "consent_to_be_bound": "VCLT Art. 11",
}
_OTHERWISE = "VCLT Art. 14, 16(b)"


async def explanation(
    reader: Reader, names_known: NameBook, treaty: str, participant: str, clocks: Clocks
) -> JsonObject:
    """Return the conclusion about one participant on a day, and every step that leads to it, in legal order."""
    row = await require_treaty(reader, treaty, clocks)
    answer = await member(reader, names_known, treaty, participant, clocks)
    facts = await facts_of(reader, treaty, folded_size(treaty, clocks))
    types, counted = {fact.position: fact.type for fact in facts}, effective_facts(facts)
    weaker = weaker_reports(counted, participant)
    current = answer["current"] if isinstance(answer["current"], dict) else {}
    name = str(current.get("name"))
    clauses = _clauses_on(orjson.loads(row["document"])["clauses"], clocks.as_of)
    stated = max((at for at, type_ in types.items() if type_ == "treaty.entered_into_force"), default=None)
    steps = [
        *_entry(row["in_force_from"], clauses, stated, clocks.as_of),
        *_spells(answer, name, clauses),
        *exit_steps(answer["exits"], {fact.position: fact.type for fact in counted}),
        *_others(answer, {fact.position: fact.day for fact in counted}, clocks.as_of),
        *_end(row["terminated_on"]),
    ]
    steps = [*(step.resting_on(weaker) for step in steps), *report_steps(counted, weaker)]
    known = [step for step in steps if step.day <= clocks.as_of.isoformat()]
    known.sort(key=lambda step: (step.day, step.position is None, step.position or 0))
    because: list[JSON] = [
        {
            "position": step.position,
            "type": types.get(step.position) if step.position is not None else None,
            "on": step.day,
            "rule": step.rule,
            "article": step.article,
            "says": step.says,
        }
        for step in known
    ]
    conclusion: JsonObject = {**current, "says": _conclusion(treaty, name, current, clocks.as_of)}
    head: JsonObject = {"treaty": treaty, "participant": participant, **clocks.head(), **staleness(treaty, clocks)}
    return {**head, "conclusion": conclusion, "because": because}


def _clauses_on(versions: list[dict[str, JSON]], day: dt.date) -> JsonObject:
    begun = [v["clauses"] for v in versions if not isinstance(v["from"], str) or v["from"] <= day.isoformat()]
    return begun[-1] if isinstance(begun[-1], dict) else {}


def _entry(in_force: object, clauses: JsonObject, stated: int | None, as_of: dt.date) -> Iterator[Step]:
    """Art. 24(1), (2): the treaty's own entry into force comes before anybody's; a stated one wins."""
    clause = clauses.get("entry_into_force")
    article, rule = "VCLT Art. 24(1)", "entry into force as stated"
    if stated is None and isinstance(clause, dict):
        article, rule = str(clause.get("article", article)), f"entry into force: {clause['rule']}"
    if isinstance(in_force, dt.date):
        day = in_force.isoformat()
        yield Step(day, stated, rule, article, f"The treaty entered into force on {day}.")
    else:
        says = "The treaty is not known to be in force: nobody can be party to it."
        yield Step(as_of.isoformat(), None, rule, article, says)


def _end(terminated_on: object) -> Iterator[Step]:
    if isinstance(terminated_on, dt.date):
        day = terminated_on.isoformat()
        yield Step(day, None, "end of the treaty", "VCLT Art. 54, 70", f"The treaty ended on {day}, for everybody.")


def _spells(answer: JsonObject, name: str, clauses: JsonObject) -> Iterator[Step]:
    joining = clauses.get("joining")
    delay = joining.get("delay") if isinstance(joining, dict) else None
    joining_rule = f"joining delay: {delay.get('rule')}" if isinstance(delay, dict) else "joining without a delay"
    joining_article = joining.get("article") if isinstance(joining, dict) else None
    had_consented = False
    for spell in objects(answer["spells"]):
        day, mode, position = str(spell["from"]), str(spell["mode"]), first(spell["basis"])
        words = mode.replace("_", " ")
        match spell["consent"]:
            case "signatory" if had_consented:
                says = f"The consent of {name} was taken back: it is a signatory again from {day}, and not bound."
                yield Step(day, last(spell["basis"]), "consent taken back", "VCLT Art. 18", says)
            case "signatory":
                says = f"{name} signed: it is a signatory from {day}, and not bound by the treaty."
                yield Step(day, position, "signature", _CONSENT_ARTICLES["signature"], says)
            case "contracting":
                says = f"The {words} of {name} counts from {day}: it has consented to be bound."
                yield Step(day, position, "consent", _CONSENT_ARTICLES.get(mode, _OTHERWISE), says)
            case "party":
                says = f"By its {words}, the treaty is in force for {name} from {day}."
                yield Step(day, position, joining_rule, str(joining_article or "VCLT Art. 24(3)"), says)
            case _:
                says = f"{name} is no longer a party from {day} on."
                yield Step(day, None, "end of membership", "VCLT Art. 70", says)
        had_consented = had_consented or spell["consent"] in {"contracting", "party"}


def _others(answer: JsonObject, days: Mapping[int, dt.date], as_of: dt.date) -> Iterator[Step]:
    """Tell what was looked at and changed nothing: signals, suspensions, contests, anomalies."""
    for signal in objects(answer["signals"]):
        says = f"An exit is only {signal['stage']}: that starts no clock."
        yield Step(str(signal["since"]), first(signal["basis"]), "signals are no notice", "VCLT Art. 67", says)
    for interval in objects(answer["operation"]):
        kind = str(interval["kind"]).replace("_", " ")
        says = f"The treaty is {kind} for it from {interval['from']}; membership is unaffected."
        yield Step(str(interval["from"]), first(interval["basis"]), "operation", "VCLT Art. 25, 57 to 65, 72", says)
    for dispute in objects(answer["disputes"]):
        says = f"{dispute['by']}: {str(dispute['kind']).replace('_', ' ')}; the answer stays the clause's."
        yield Step(
            str(dispute["on"]),
            _number(dispute["position"]),
            "disputes mark, and decide nothing",
            "VCLT Art. 65(3)",
            says,
        )
    for found in objects(answer["anomalies"]):
        position = _number(found["position"])
        day = days.get(position, dt.date.min) if position is not None else dt.date.min
        on = as_of if day == dt.date.min else day
        yield Step(on.isoformat(), position, str(found["reason"]), None, str(found["detail"]))


def _conclusion(treaty: str, name: str, current: JsonObject, as_of: dt.date) -> str:
    stands = {
        "party": f"is party to {treaty} since {current.get('since')}",
        "contracting": f"has consented to {treaty}, which is not in force for it",
        "signatory": f"has signed {treaty} and is not bound by it",
        "former": f"is no longer party to {treaty} since {current.get('since')}",
    }.get(str(current.get("consent")), f"has no place in {treaty}")
    exit_ = current.get("exit")
    if not isinstance(exit_, dict):
        return f"On {as_of.isoformat()} {name} {stands}."
    when = f", effective on {exit_['effective_on']}" if exit_["effective_on"] else ", without a day of effect"
    return f"On {as_of.isoformat()} {name} {stands}; exit {exit_['stage']} since {exit_['since']}{when}."


def _number(value: JSON) -> int | None:
    return value if isinstance(value, int) else None
