-- How many entries are applied, the instant of the last one, the streams of those that follow a size, and whether others
-- fall with them; no list at all when there is too much to tell. Indexes: one_entry_per_position, one_fall_per_pair and
-- fall_of_a_parent.
WITH spoken AS MATERIALIZED (
    SELECT DISTINCT e.stream
      FROM projector.entry e
     WHERE e.position >= CAST(:size AS bigint) AND e.position < CAST(:size AS bigint) + CAST(:most AS int)
)
SELECT c.size, (SELECT e.recorded_at FROM projector.entry e WHERE e.position = c.size - 1) AS recorded_at,
       CASE WHEN c.size <= CAST(:size AS bigint) + CAST(:most AS int)
            THEN ARRAY(SELECT s.stream FROM spoken s ORDER BY s.stream) END AS streams,
       EXISTS (SELECT FROM spoken s JOIN projector.fall f ON f.treaty = s.stream)
       OR EXISTS (SELECT FROM spoken s JOIN projector.fall f ON f.parent = s.stream) AS are_tied
  FROM (SELECT c.size FROM projector.cursor c LIMIT 1) c
