"""Fold the ledger's facts into answers: who is bound by what, on any day, as known at any time."""
