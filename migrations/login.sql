-- The statements that let the user $2 log in with the verifier $3 and work as the part $1, in order; to run again.
WITH part (name, roles, settings) AS (VALUES
    ('migrate', ARRAY['ledger_owner', 'projector_owner'], ARRAY[
        ['statement_timeout', '10min'], ['idle_in_transaction_session_timeout', '1min']]),
    ('ledger', ARRAY['ledger_app'], ARRAY[
        ['lock_timeout', '4s'], ['statement_timeout', '20s'], ['idle_in_transaction_session_timeout', '10s']]),
    ('projector', ARRAY['projector_app'], ARRAY[
        ['lock_timeout', '4s'], ['statement_timeout', '1min'], ['idle_in_transaction_session_timeout', '1min']])
),
asked AS (
    SELECT roles, settings, CAST($2 AS text) AS login, CAST($3 AS text) AS verifier
    FROM part WHERE name = CAST($1 AS text)
),
statement (place, said) AS (
    SELECT 1, format('CREATE ROLE %I LOGIN', login) FROM asked WHERE to_regrole(quote_ident(login)) IS NULL
    UNION ALL
    SELECT 2, format('ALTER ROLE %I LOGIN PASSWORD %L', login, verifier) FROM asked
    UNION ALL
    SELECT 3, format('GRANT %I TO %I', granted, login)
    FROM asked CROSS JOIN unnest(roles) AS granted
    WHERE NOT EXISTS (SELECT 1 FROM pg_auth_members m
                      WHERE m.roleid = to_regrole(granted) AND m.member = to_regrole(quote_ident(login)))
    UNION ALL
    SELECT 3, format('REVOKE %I FROM %I', other, login)
    FROM asked CROSS JOIN unnest(ARRAY['ledger_owner', 'ledger_app', 'projector_owner', 'projector_app']) AS other
    WHERE other <> ALL (roles)
      AND EXISTS (SELECT 1 FROM pg_auth_members m
                  WHERE m.roleid = to_regrole(other) AND m.member = to_regrole(quote_ident(login)))
    UNION ALL
    SELECT 4, format('ALTER ROLE %I SET %I = %L', login, settings[n][1], settings[n][2])
    FROM asked CROSS JOIN generate_subscripts(settings, 1) AS n
)
SELECT said FROM statement ORDER BY place, said
