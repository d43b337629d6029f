-- Begin the generation here at the size of the other one, with what that knows of the log; its digest comes later.
INSERT INTO projector.cursor
SELECT b.* FROM projector_blue.cursor b WHERE current_schema() = 'projector_green'
UNION ALL
SELECT g.* FROM projector_green.cursor g WHERE current_schema() = 'projector_blue'
