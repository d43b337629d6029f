"""Write receipts."""

from base64 import b64encode

import orjson

from treaty_contracts.canonical import JsonObject
from treaty_contracts.envelope import format_instant
from treaty_ledger.append.outcomes import Appended, Outcome, Receipt, Replayed
from treaty_ledger.http.problems import problem_of


def receipt_fields(receipt: Receipt) -> JsonObject:
    """Return a receipt as a JSON object."""
    return {
        "position": receipt.position,
        "treaty": receipt.treaty,
        "version": receipt.version,
        "recorded_at": format_instant(receipt.recorded_at),
        "leaf_hash": b64encode(receipt.leaf_hash).decode(),
    }


def answer_line(number: int, outcome: Outcome | Exception) -> bytes:
    """Return the line that answers a line."""
    if isinstance(outcome, Appended | Replayed):
        receipt = receipt_fields(outcome.receipts[0])
        fields: JsonObject = {"line": number, **receipt, "replayed": isinstance(outcome, Replayed)}
    else:
        fields = {"line": number, "problem": problem_of(outcome)}
    return orjson.dumps(fields, option=orjson.OPT_APPEND_NEWLINE)
