-- The four roles that hold the rights, and the schemas of this database in their owners' hands.
--
-- Run by a superuser, or by a role with CREATEROLE that owns the database, before the migrations and as often as one
-- likes: `python migrations/roles.py` does, or psql. Nobody logs in as one of these roles; a login is a member of one.
-- What *_app may do is granted by */rights.sql after each migration.

DO $$
DECLARE
    part       text;
    owner      text;
    role_name  text;
    hand_over  text;
    act_as     text := CASE WHEN current_setting('server_version_num') >= '160000' THEN 'SET' ELSE 'MEMBER' END;
BEGIN
    PERFORM pg_advisory_xact_lock(8215);  -- the lock of the migrations
    PERFORM set_config('lock_timeout', '5s', true);
    FOREACH part IN ARRAY ARRAY['ledger', 'projector'] LOOP
        owner := part || '_owner';
        FOREACH role_name IN ARRAY ARRAY[owner, part || '_app'] LOOP
            IF to_regrole(role_name) IS NULL THEN
                BEGIN
                    EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
                EXCEPTION WHEN duplicate_object OR unique_violation THEN
                    NULL;  -- made meanwhile, from another database of this server
                END;
            END IF;
        END LOOP;
        IF NOT pg_has_role(owner, act_as) THEN  -- who gives something away must be able to act as the one who gets it
            EXECUTE format('GRANT %I TO CURRENT_USER', owner);
        END IF;
        IF NOT has_database_privilege(owner, current_database(), 'CREATE') THEN
            EXECUTE format('GRANT CREATE ON DATABASE %I TO %I', current_database(), owner);
        END IF;

        -- What was made before there were roles belongs to whoever migrated then.
        FOR hand_over IN
            SELECT format('ALTER SCHEMA %I OWNER TO %I', n.nspname, owner)
            FROM pg_namespace n
            WHERE n.nspname IN (part, part || '_blue', part || '_green') AND n.nspowner <> to_regrole(owner)
            UNION ALL
            SELECT format('ALTER TABLE %s OWNER TO %I', CAST(c.oid AS regclass), owner)
            FROM pg_class c
            WHERE c.relnamespace IN (to_regnamespace(part), to_regnamespace(part || '_blue'), to_regnamespace(part || '_green'))
              AND c.relkind IN ('r', 'p', 'v', 'm')
              AND c.relowner <> to_regrole(owner)
            UNION ALL
            SELECT format('ALTER ROUTINE %s OWNER TO %I', CAST(p.oid AS regprocedure), owner)
            FROM pg_proc p WHERE p.pronamespace = to_regnamespace(part) AND p.proowner <> to_regrole(owner)
        LOOP
            EXECUTE hand_over;
        END LOOP;
    END LOOP;
END $$;
