"""Read the published log of a ledger, wherever it is kept, and give only what is proven to be in it."""
