"""The root of the tree."""


class LedgerError(Exception):
    """Say what the ledger refuses or fails at; the message is for people."""
