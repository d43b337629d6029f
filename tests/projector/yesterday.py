"""Run the projector as an earlier release would: what YESTERDAY names, it does not know.

`unknown:TYPE` a type, `other:TYPE` another model for its data, `older:TYPE` its newest schema version; behind commas.
"""

import gc
import os
from collections.abc import Mapping
from typing import TypeVar, cast

from treaty_contracts.events import CATALOGUE, ParticipantRelated
from treaty_contracts.upcast import NEWEST
from treaty_projector.cli import app

_Value = TypeVar("_Value")


def behind(view: Mapping[str, _Value]) -> dict[str, _Value]:
    """Return the dictionary that a read-only view shows."""
    (found,) = gc.get_referents(view)
    return cast(dict[str, _Value], found)


for one in filter(None, os.environ["YESTERDAY"].split(",")):
    what, _, type_ = one.partition(":")
    match what:
        case "unknown":
            del behind(CATALOGUE)[type_], behind(NEWEST)[type_]
        case "other":
            behind(CATALOGUE)[type_] = ParticipantRelated
        case "older":
            behind(NEWEST)[type_] = 0
        case _:
            raise ValueError(one)

if __name__ == "__main__":  # and in the processes that a rebuild starts, only what is above
    app()
