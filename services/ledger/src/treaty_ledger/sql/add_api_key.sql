-- Stores an API key; no row when its name was given before and another key for it was not asked for. Index: one_key_per_prefix.
INSERT INTO ledger.api_keys (name, prefix, sha256, scopes, made_at, expires_at)
SELECT $1, $2, $3, CAST($4 AS text[]), $5, $6
WHERE CAST($7 AS boolean) OR NOT EXISTS (SELECT 1 FROM ledger.api_keys AS earlier WHERE earlier.name = $1)
RETURNING prefix
