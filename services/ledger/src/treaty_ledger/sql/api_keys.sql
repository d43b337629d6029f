-- Every API key there ever was, the oldest first. Index: none, there are few.
SELECT name, prefix, sha256, scopes, made_at, expires_at, revoked_at, last_used_at
FROM ledger.api_keys
ORDER BY made_at, prefix
