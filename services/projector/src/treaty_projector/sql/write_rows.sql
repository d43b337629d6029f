-- Close rows that new facts overtook, and insert those that are known instead. In one exchange: no new row has the key
-- of an earlier one, so that the order within does not matter. Indexes: one_treaty_per_size,
-- one_membership_per_day_and_size, one_standing_per_size, one_anomaly_per_size.
WITH closed_treaties AS (
    UPDATE projector.treaty t SET known_to = c.known_to
      FROM unnest(CAST(:closed_treaty_treaty AS text[]), CAST(:closed_treaty_known_to AS bigint[]))
           AS c(treaty, known_to)
     WHERE t.treaty = c.treaty AND t.known_to = 9223372036854775807
), closed_memberships AS (
    UPDATE projector.membership m SET known_to = c.known_to
      FROM unnest(CAST(:closed_membership_treaty AS text[]), CAST(:closed_membership_participant AS text[]),
                  CAST(:closed_membership_valid_from AS date[]), CAST(:closed_membership_known_to AS bigint[]))
           AS c(treaty, participant, valid_from, known_to)
     WHERE m.treaty = c.treaty AND m.participant = c.participant AND m.valid_from = c.valid_from
       AND m.known_to = 9223372036854775807
), closed_standings AS (
    UPDATE projector.standing s SET known_to = c.known_to
      FROM unnest(CAST(:closed_standing_treaty AS text[]), CAST(:closed_standing_participant AS text[]),
                  CAST(:closed_standing_known_to AS bigint[]))
           AS c(treaty, participant, known_to)
     WHERE s.treaty = c.treaty AND s.participant = c.participant AND s.known_to = 9223372036854775807
), closed_anomalies AS (
    UPDATE projector.anomaly a SET known_to = c.known_to
      FROM unnest(CAST(:closed_anomaly_treaty AS text[]), CAST(:closed_anomaly_position AS bigint[]),
                  CAST(:closed_anomaly_reason AS text[]), CAST(:closed_anomaly_participant AS text[]),
                  CAST(:closed_anomaly_known_to AS bigint[]))
           AS c(treaty, position, reason, participant, known_to)
     WHERE a.treaty = c.treaty AND a.position = c.position AND a.reason = c.reason AND a.participant = c.participant
       AND a.known_to = 9223372036854775807
), new_treaties AS (
    INSERT INTO projector.treaty (treaty, known_from, known_to, title, short_title, kind, in_force_from, terminated_on,
                                  document)
    SELECT n.treaty, n.known_from, n.known_to, n.title, n.short_title, n.kind, n.in_force_from, n.terminated_on,
           n.document
      FROM unnest(CAST(:treaty_treaty AS text[]), CAST(:treaty_known_from AS bigint[]),
                  CAST(:treaty_known_to AS bigint[]), CAST(:treaty_title AS text[]),
                  CAST(:treaty_short_title AS text[]), CAST(:treaty_kind AS text[]),
                  CAST(:treaty_in_force_from AS date[]), CAST(:treaty_terminated_on AS date[]),
                  CAST(:treaty_document AS bytea[]))
           AS n(treaty, known_from, known_to, title, short_title, kind, in_force_from, terminated_on, document)
), new_memberships AS (
    INSERT INTO projector.membership (treaty, participant, valid_from, valid_to, known_from, known_to, consent,
                                      exit_stage, exit_day, document)
    SELECT n.treaty, n.participant, n.valid_from, n.valid_to, n.known_from, n.known_to, n.consent, n.exit_stage,
           n.exit_day, n.document
      FROM unnest(CAST(:membership_treaty AS text[]), CAST(:membership_participant AS text[]),
                  CAST(:membership_valid_from AS date[]), CAST(:membership_valid_to AS date[]),
                  CAST(:membership_known_from AS bigint[]), CAST(:membership_known_to AS bigint[]),
                  CAST(:membership_consent AS text[]), CAST(:membership_exit_stage AS text[]),
                  CAST(:membership_exit_day AS date[]), CAST(:membership_document AS bytea[]))
           AS n(treaty, participant, valid_from, valid_to, known_from, known_to, consent, exit_stage, exit_day,
                document)
), new_standings AS (
    INSERT INTO projector.standing (treaty, participant, known_from, known_to, document)
    SELECT n.treaty, n.participant, n.known_from, n.known_to, n.document
      FROM unnest(CAST(:standing_treaty AS text[]), CAST(:standing_participant AS text[]),
                  CAST(:standing_known_from AS bigint[]), CAST(:standing_known_to AS bigint[]),
                  CAST(:standing_document AS bytea[]))
           AS n(treaty, participant, known_from, known_to, document)
)
INSERT INTO projector.anomaly (treaty, position, reason, participant, detail, known_from, known_to)
SELECT n.treaty, n.position, n.reason, n.participant, n.detail, n.known_from, n.known_to
  FROM unnest(CAST(:anomaly_treaty AS text[]), CAST(:anomaly_position AS bigint[]),
              CAST(:anomaly_reason AS text[]), CAST(:anomaly_participant AS text[]),
              CAST(:anomaly_detail AS text[]), CAST(:anomaly_known_from AS bigint[]),
              CAST(:anomaly_known_to AS bigint[]))
       AS n(treaty, position, reason, participant, detail, known_from, known_to)
