-- Which log is followed, and whose keys vouch for it. There is one row.
SELECT l.origin, l.vkeys FROM projector.log l
