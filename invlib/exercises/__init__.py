"""The checks behind the exercises: each says what is right, or what is still wrong."""
