"""Tell Schemathesis what it cannot know: which 5xx a client may ask for."""

from http import HTTPStatus
from typing import Any

import schemathesis


@schemathesis.check
def no_fault_of_ours(
    _context: schemathesis.CheckContext, response: schemathesis.Response, _case: "schemathesis.Case[Any]"
) -> None:
    """Fail for every 5xx but one: who asks for entries that are not applied is told to ask again."""
    if response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
        return
    told = response.json()
    assert told["type"] == "/problems/projection-behind", told
