"""Tables that one notebook on paper linear needs, one file for each notebook."""
