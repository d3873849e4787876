"""Per paper: what each notebook runs, and how its records are collected."""
