"""Everything the ledger refuses or fails at, as one tree.

LedgerError
├── Refusal                       this event or batch is not recorded
│   ├── EventIdConflict           (source, id) names another content
│   ├── PartlyKnownBatch          some of a batch was recorded before, some was not
│   ├── RepeatedInBatch           (source, id) stands twice in one batch
│   ├── VersionMismatch           the stream is at another version than the writer believes
│   ├── TreatyAlreadyRegistered
│   ├── TreatyNotRegistered
│   ├── UnknownParticipant
│   ├── NotInThisStream           a superseded position that is not one of the stream's
│   ├── AlreadySuperseded
│   ├── RefusedByDatabase         a constraint that no check of ours had foreseen
│   └── RefusedInBatch            any refusal of one event of a batch, with its place
├── NotAdmitted                   who asks may not have it
│   ├── Unauthenticated
│   ├── Forbidden
│   └── TooManyRequests
├── KeyRefused                    an API key is not made or revoked
│   ├── UnknownScope
│   ├── KeyNameRefused
│   ├── KeyNameTaken
│   ├── LifetimeRefused
│   ├── KeyFileUnusable
│   └── NoSuchKey
├── BadRequest                    the request is not understood
│   ├── MalformedParameter
│   ├── TooLarge
│   └── UnsupportedMediaType
├── NotFound
├── Unavailable                   not now; the same request may succeed later
│   ├── QueueFull
│   ├── DatabaseUnavailable
│   ├── OutcomeUnknown
│   ├── TooManyStreams
│   ├── IssuerUnavailable         the keys that verify access tokens cannot be fetched
│   ├── NotSignedYet              no checkpoint covers it so far
│   ├── NotReplicated             the standby may lack what was to be signed
│   ├── SigningStopped            the key or the guard cannot be used any more
│   ├── NotAlive                  a loop of the process does not turn any more
│   ├── NotReady                  what it takes to serve is missing
│   └── LogInconsistent           what is stored does not extend what was signed: nothing is recorded or signed
│       ├── GuardTaken
│       ├── LogShrank
│       ├── LeafAltered
│       ├── HashesMissing
│       └── LogDiffers
└── CannotStart
    ├── AddressTaken
    ├── DatabaseUnreachable
    ├── NotMigrated
    ├── OpenToStrangers
    ├── ReadsOpenToAll
    ├── NobodyMayRecord
    ├── KeyUnusable
    ├── KeyMissing
    ├── GuardMissing
    ├── GuardUnusable
    ├── NotExtended
    ├── LogUnnamed
    ├── EventsGivenUp
    ├── UnknownFailpoint
    └── OtherLog

Reasons that lie in the event alone come from `treaty_contracts.refusals` (MalformedJson, UnknownEventType,
InvalidEvent). `http/problems.py` alone knows which status each has.
"""

from treaty_ledger.errors.access import (
    Forbidden,
    KeyFileUnusable,
    KeyNameRefused,
    KeyNameTaken,
    KeyRefused,
    LifetimeRefused,
    NoSuchKey,
    NotAdmitted,
    TooManyRequests,
    Unauthenticated,
    UnknownScope,
)
from treaty_ledger.errors.refusals import (
    AlreadySuperseded,
    EventIdConflict,
    NotInThisStream,
    PartlyKnownBatch,
    Refusal,
    RefusedByDatabase,
    RefusedInBatch,
    RepeatedInBatch,
    TreatyAlreadyRegistered,
    TreatyNotRegistered,
    UnknownParticipant,
    VersionMismatch,
)
from treaty_ledger.errors.requests import BadRequest, MalformedParameter, NotFound, TooLarge, UnsupportedMediaType
from treaty_ledger.errors.root import LedgerError
from treaty_ledger.errors.starting import (
    AddressTaken,
    CannotStart,
    DatabaseUnreachable,
    EventsGivenUp,
    GuardMissing,
    GuardUnusable,
    KeyMissing,
    KeyUnusable,
    LogUnnamed,
    NobodyMayRecord,
    NotExtended,
    NotMigrated,
    OpenToStrangers,
    OtherLog,
    ReadsOpenToAll,
    UnknownFailpoint,
)
from treaty_ledger.errors.unavailable import (
    DatabaseUnavailable,
    GuardTaken,
    HashesMissing,
    IssuerUnavailable,
    LeafAltered,
    LogDiffers,
    LogInconsistent,
    LogShrank,
    NotAlive,
    NotReady,
    NotReplicated,
    NotSignedYet,
    OutcomeUnknown,
    QueueFull,
    SigningStopped,
    TooManyStreams,
    Unavailable,
)

__all__ = [
    "AddressTaken",
    "AlreadySuperseded",
    "BadRequest",
    "CannotStart",
    "DatabaseUnavailable",
    "DatabaseUnreachable",
    "EventIdConflict",
    "EventsGivenUp",
    "Forbidden",
    "GuardMissing",
    "GuardTaken",
    "GuardUnusable",
    "HashesMissing",
    "IssuerUnavailable",
    "KeyFileUnusable",
    "KeyMissing",
    "KeyNameRefused",
    "KeyNameTaken",
    "KeyRefused",
    "KeyUnusable",
    "LeafAltered",
    "LedgerError",
    "LifetimeRefused",
    "LogDiffers",
    "LogInconsistent",
    "LogShrank",
    "LogUnnamed",
    "MalformedParameter",
    "NoSuchKey",
    "NobodyMayRecord",
    "NotAdmitted",
    "NotAlive",
    "NotExtended",
    "NotFound",
    "NotInThisStream",
    "NotMigrated",
    "NotReady",
    "NotReplicated",
    "NotSignedYet",
    "OpenToStrangers",
    "OtherLog",
    "OutcomeUnknown",
    "PartlyKnownBatch",
    "QueueFull",
    "ReadsOpenToAll",
    "Refusal",
    "RefusedByDatabase",
    "RefusedInBatch",
    "RepeatedInBatch",
    "SigningStopped",
    "TooLarge",
    "TooManyRequests",
    "TooManyStreams",
    "TreatyAlreadyRegistered",
    "TreatyNotRegistered",
    "Unauthenticated",
    "Unavailable",
    "UnknownFailpoint",
    "UnknownParticipant",
    "UnknownScope",
    "UnsupportedMediaType",
    "VersionMismatch",
]
