"""Write what happens to stderr: one line an entry, in JSON for programs or as text for people."""

import logging
import sys
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

import orjson

from treaty_door.request_ids import CURRENT

if TYPE_CHECKING:
    from structlog.stdlib import ProcessorFormatter
    from structlog.typing import EventDict, WrappedLogger

LineFormat: TypeAlias = Literal["json", "text"]
"""How lines are written."""

LineLevel: TypeAlias = Literal["debug", "info", "warning", "error"]
"""The least level of what is written."""

_TALKATIVE = ("uvicorn.error", "httpx", "httpcore", "opentelemetry")


def write_lines(*, form: LineFormat | None, level: LineLevel) -> None:
    """Write lines from now on; unless a form is given, text to a terminal and JSON to everything else."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines(form or ("text" if sys.stderr.isatty() else "json"), colours=sys.stderr.isatty()))
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


class _Lines(logging.Formatter):
    """Let structlog write lines; it is imported with the first one, since starting should not wait for it."""

    def __init__(self, form: LineFormat, *, colours: bool) -> None:
        super().__init__()
        self._form = form
        self._colours = colours

    def format(self, record: logging.LogRecord) -> str:
        """Write one line."""
        return self._writer.format(record)

    @cached_property
    def _writer(self) -> "ProcessorFormatter":
        from structlog import dev, processors, stdlib  # noqa: PLC0415 - see above

        ends = (
            [
                # A traceback without the values of variables, among which there may be secrets.
                processors.format_exc_info,
                processors.JSONRenderer(serializer=_json),
            ]
            if self._form == "json"
            else [dev.ConsoleRenderer(colors=self._colours, exception_formatter=dev.plain_traceback)]
        )
        return stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                processors.TimeStamper(fmt="iso", utc=True),
                stdlib.add_log_level,
                stdlib.add_logger_name,
                stdlib.ExtraAdder(),
                _add_ids,
            ],
            processors=[stdlib.ProcessorFormatter.remove_processors_meta, *ends],
        )


def _add_ids(_logger: "WrappedLogger", _method: str, event: "EventDict") -> "EventDict":
    """Say which request a line is about."""
    ids = CURRENT.get()
    if ids is not None:
        event["request_id"] = ids.request_id
        if ids.trace_id is not None:
            event["trace_id"] = ids.trace_id
    return event


def _json(event: "EventDict", **_options: object) -> str:
    return orjson.dumps(event, default=repr).decode("utf-8", "replace")
