-- The generation whose tables the connection finds. Index: one_generation_per_schema.
SELECT g.number, g.law FROM projector.generation g WHERE g.schema = current_schema()
