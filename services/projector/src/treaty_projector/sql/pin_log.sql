-- Compare and set which log is followed: the first to see a log pins it. There is one row.
UPDATE projector.log SET origin = CAST(:origin AS text), vkeys = CAST(:vkeys AS text[])
 WHERE origin IS NOT DISTINCT FROM CAST(:replaces AS text)
