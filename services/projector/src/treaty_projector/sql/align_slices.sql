-- Let every slice begin where the cursor is, before the first step is opened: only then no step is there. Index:
-- one_row_per_part.
UPDATE projector.part SET size = CAST(:size AS bigint)
 WHERE number < 64 AND NOT EXISTS (SELECT FROM projector.step)
