"""The batch: from lists and a clinic to a folder of packets, a print run, a manifest and a list of problems."""
