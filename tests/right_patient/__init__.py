"""Whatever the list, each page is of one patient: in its codes, in its footer, and in all that it says."""
