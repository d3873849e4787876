"""The ways to invariance: each a class with the two verbs that training needs."""
