"""Studies that cost nothing but the pause that they are asked for."""
