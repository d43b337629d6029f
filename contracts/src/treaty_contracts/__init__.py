"""State what the ledger and the projector agree on."""
