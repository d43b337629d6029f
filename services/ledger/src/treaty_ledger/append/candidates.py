"""Prepare an accepted event for recording: all that can be known of it before its turn comes."""

from hashlib import sha256
from typing import NamedTuple

from treaty_contracts.events import ParticipantData, ParticipantRegistered, RecordSuperseded, participant_codes
from treaty_contracts.intake import AcceptedEvent
from treaty_contracts.participants import KNOWN


class Candidate(NamedTuple):
    """Hold an event that would be recorded, with everything the structural rules look at.

    `unlisted` are the codes that the reference list lacks, each with its JSON Pointer; `content` are canonical bytes.
    """

    stream: str
    source: str
    id: str
    identity: bytes
    type: str
    participant: str | None
    supersedes: int | None
    unlisted: tuple[tuple[str, str], ...]
    content: bytes
    content_hash: bytes

    @property
    def introduces(self) -> str | None:
        """Return the participant's code that is known from this event on."""
        return self.participant if self.type == "participant.registered" else None


def candidate(accepted: AcceptedEvent) -> Candidate:
    """Return what an accepted event would be recorded as."""
    event, data = accepted.event, accepted.data
    participant, supersedes = None, None
    if isinstance(data, ParticipantData):
        participant = data.participant
    elif isinstance(data, ParticipantRegistered):
        participant = data.code
    elif isinstance(data, RecordSuperseded):
        supersedes = data.position
    return Candidate(
        event.subject,
        event.source,
        event.id,
        sha256(f"{event.source}\x00{event.id}".encode()).digest(),
        event.type,
        participant,
        supersedes,
        tuple([(pointer, code) for pointer, code in participant_codes(data) if code not in KNOWN]),
        accepted.canonical,
        sha256(accepted.canonical).digest(),
    )
