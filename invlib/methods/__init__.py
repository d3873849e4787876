"""The ways to invariance, and the losses they are trained with."""
