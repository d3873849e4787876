"""Checks of the exercises in the part on paper linear, one file for each notebook."""
