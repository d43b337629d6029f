"""Let several workers share one projection: each folds slices of the treaties, and one of them reads the log."""
