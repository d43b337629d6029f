-- Let nobody else switch meanwhile. There is one row.
SELECT a.generation FROM projector.active a FOR UPDATE
