-- The API key that begins so; no row when there is none. Index: one_key_per_prefix.
SELECT name, prefix, sha256, scopes, made_at, expires_at, revoked_at, last_used_at
FROM ledger.api_keys
WHERE prefix = $1
