-- Whether some API key is neither revoked nor expired. Index: none, there are few.
SELECT EXISTS (
    SELECT 1 FROM ledger.api_keys
    WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > clock_timestamp())
) AS found
