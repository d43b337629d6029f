-- Revokes the API keys of a name, or the one with a prefix; the prefixes of those that were not revoked before. Index: none, there are few.
UPDATE ledger.api_keys SET revoked_at = clock_timestamp()
WHERE (name = $1 OR prefix = $1) AND revoked_at IS NULL
RETURNING prefix
