"""Paper linear: understanding learning invariance in deep linear networks (arXiv 2506.13714)."""
