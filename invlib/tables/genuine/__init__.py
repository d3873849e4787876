"""Tables that notebooks on paper genuine need, one file for each notebook."""
