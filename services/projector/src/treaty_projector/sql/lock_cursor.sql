-- Let nobody apply entries meanwhile. There is one row.
SELECT c.size, c.digest_sum FROM projector.cursor c FOR UPDATE
