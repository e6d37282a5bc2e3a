"""Templates into documents: what a clinic may print, rendered once per variant."""
