-- Forget a worker that ends. Index: one_row_per_worker.
DELETE FROM projector.worker WHERE name = CAST(:name AS text)
