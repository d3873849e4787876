"""The papers' claims, and the verdicts that our records give."""
