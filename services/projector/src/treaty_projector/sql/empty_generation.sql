-- Empty the place of a generation, before another one is made there.
TRUNCATE projector.treaty, projector.membership, projector.standing, projector.anomaly, projector.fall, projector.quarantine, projector.cursor,
         projector.step, projector.worker
