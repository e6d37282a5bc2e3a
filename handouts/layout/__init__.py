"""Documents into measured blocks and pages. Lengths are in points (1/72 inch) unless a name says mm."""
