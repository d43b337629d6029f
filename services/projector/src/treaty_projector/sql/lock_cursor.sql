-- Let nobody apply entries meanwhile. There is one row.
SELECT c.size FROM projector.cursor c FOR UPDATE
