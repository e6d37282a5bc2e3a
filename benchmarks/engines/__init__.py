"""One module per engine. Each presses one patient's packet into the bytes of a PDF file."""
