"""What only study one uses."""


def scale() -> float:
    return 1.0
