"""Paper genuine: on genuine invariance learning without weight-tying (arXiv 2308.03904)."""
