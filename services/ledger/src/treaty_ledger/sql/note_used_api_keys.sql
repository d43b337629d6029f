-- Notes that API keys were used, at most once a minute each. Index: one_key_per_prefix.
UPDATE ledger.api_keys SET last_used_at = clock_timestamp()
WHERE prefix = ANY (CAST($1 AS text[]))
  AND (last_used_at IS NULL OR last_used_at < clock_timestamp() - interval '1 minute')
