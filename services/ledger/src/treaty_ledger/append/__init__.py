"""Record events: the one write of the ledger."""
