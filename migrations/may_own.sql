-- Whether the current user may act as the owner of a schema: the role exists, is the user's, and has the schema or makes it.
SELECT EXISTS (
    SELECT 1 FROM pg_roles r
    WHERE r.rolname = :owner AND pg_has_role(r.oid, 'MEMBER')
      AND NOT EXISTS (SELECT 1 FROM pg_namespace n WHERE n.nspname = :schema AND n.nspowner <> r.oid)
)
