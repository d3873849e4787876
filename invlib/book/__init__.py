"""From notebooks to two linked books: run what changed, refuse what failed, build, swap in."""
