"""`handouts check`: a compiler for forms, whose findings stand at the line of the file that must change."""
