"""From a list to paper, through the real command."""
