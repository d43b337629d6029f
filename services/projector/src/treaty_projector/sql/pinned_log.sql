-- Which log is followed, and whose keys vouch for it. There is one row.
SELECT c.origin, c.vkeys FROM projector.cursor c
