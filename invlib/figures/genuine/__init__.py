"""Pictures that one notebook on paper genuine needs, one file for each notebook."""
