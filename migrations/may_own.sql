-- Whether the current user may act as the owner of a schema: the role exists, is the user's, and has the schema or makes it.
-- Since PostgreSQL 16 a member may lack the right to act as the role, and SET asks for that.
SELECT EXISTS (
    SELECT 1 FROM pg_roles r
    WHERE r.rolname = :owner
      AND pg_has_role(r.oid, CASE WHEN current_setting('server_version_num') >= '160000' THEN 'SET' ELSE 'MEMBER' END)
      AND NOT EXISTS (SELECT 1 FROM pg_namespace n WHERE n.nspname = :schema AND n.nspowner <> r.oid)
)
