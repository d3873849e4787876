"""Checks of the exercises in the part on paper genuine, one file for each notebook."""
