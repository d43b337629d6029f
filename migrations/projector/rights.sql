-- What the projector's service may do: write its own read model, which can be derived again.
--
-- Run as projector_owner after every migration: it takes all rights away and grants these again.

DO $$
BEGIN
    IF to_regrole('projector_app') IS NULL THEN
        RETURN;
    END IF;
    REVOKE ALL ON SCHEMA projector FROM PUBLIC, projector_app;
    REVOKE ALL ON ALL TABLES IN SCHEMA projector FROM PUBLIC, projector_app;
    REVOKE ALL ON ALL FUNCTIONS IN SCHEMA projector FROM PUBLIC, projector_app;
    GRANT USAGE ON SCHEMA projector TO projector_app;
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA projector TO projector_app;
    REVOKE INSERT, UPDATE, DELETE ON projector.alembic_version FROM projector_app;
END $$;
