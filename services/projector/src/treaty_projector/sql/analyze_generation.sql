-- Count what was filled, so that questions are planned well from the first on.
ANALYZE projector.treaty, projector.membership, projector.standing, projector.anomaly
