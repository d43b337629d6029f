-- A page of treaties as known at a size, by id; `q` is sought in id, title and short title. A subject is first looked
-- for in the bytes of the document, which is canonical JSON: few rows are then parsed. Index: one_treaty_per_size.
SELECT t.treaty, t.title, t.short_title, t.kind, t.in_force_from, t.terminated_on
  FROM projector.treaty t
 WHERE t.treaty > CAST(:after AS text)
   AND t.known_from <= CAST(:size AS bigint) AND CAST(:size AS bigint) < t.known_to
   AND (CAST(:q AS text) IS NULL OR position((SELECT lower(CAST(:q AS text))) IN t.sought) > 0)
   AND (CAST(:subject AS text) IS NULL
        OR (position((SELECT convert_to(CAST(to_jsonb(CAST(:subject AS text)) AS text), 'UTF8')) IN t.document) > 0
            AND jsonb_exists(CAST(convert_from(t.document, 'UTF8') AS jsonb) -> 'subjects', CAST(:subject AS text))))
 ORDER BY t.treaty
 LIMIT CAST(:limit AS int)
