"""Pages and one patient's parts into PDF bytes: a file for each packet, and the print run as one document."""
