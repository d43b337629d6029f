"""Try as each role what it may do, and read what it is granted."""

from typing import TypeAlias

import asyncpg

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
"""Connects as one role."""

DONE, DENIED, KEPT = "done", "denied", "kept by a trigger"
GRANTS = """
    SELECT relname AS name, privilege_type AS what FROM pg_class, aclexplode(relacl)
    WHERE relnamespace = to_regnamespace($1) AND grantee = to_regrole($2)
    UNION ALL
    SELECT relname || '.' || attname, privilege_type
    FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid, aclexplode(attacl)
    WHERE relnamespace = to_regnamespace($1) AND grantee = to_regrole($2)
    UNION ALL
    SELECT proname, privilege_type FROM pg_proc, aclexplode(coalesce(proacl, acldefault('f', proowner)))
    WHERE pronamespace = to_regnamespace($1) AND grantee IN (to_regrole($2), 0)
    UNION ALL
    SELECT nspname, privilege_type FROM pg_namespace, aclexplode(nspacl)
    WHERE pg_namespace.oid = to_regnamespace($1) AND grantee IN (to_regrole($2), 0)
"""


async def trying(connection: Connection, *attempts: str) -> str:
    """Tell what becomes of an attempt, of which nothing stays."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        for attempt in attempts:
            await connection.execute(attempt)
    except asyncpg.InsufficientPrivilegeError:
        return DENIED
    except asyncpg.IntegrityConstraintViolationError as error:
        return KEPT if error.constraint_name == "recorded_facts_stay" else str(error)
    finally:
        await transaction.rollback()
    return DONE


async def granted(connection: Connection, schema: str, role: str) -> dict[str, set[str]]:
    """Return what a role, or everybody, is granted in a schema, by the name of what it is granted on."""
    found: dict[str, set[str]] = {}
    for row in await connection.fetch(GRANTS, schema, role):
        found.setdefault(row["name"], set()).add(row["what"])
    return found
