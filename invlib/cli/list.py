"""invlib list"""

import argparse

from invlib.settings import Settings
from invlib.studies.notebook import PROFILES, all_notebooks

HELP = "notebooks, their parameters with defaults and meaning, and the cost at each profile"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    pass


def run(args: argparse.Namespace, settings: Settings) -> int:
    for notebook in all_notebooks(settings):
        print(f"{notebook.name}: {notebook.title} ({notebook.shows})")
        for profile in PROFILES:
            changed = notebook.profiles[profile]
            values = ", ".join(f"{name} {value}" for name, value in changed.items())
            cost = f"about {notebook.seconds[profile]:g} s on two cores"
            print(f"  profile {profile}: {cost}, data {notebook.data[profile]}", end="")
            print(f"; {values}" if values else "; the defaults")
        width = max(len(parameter.name) for parameter in notebook.parameters)
        for parameter in notebook.parameters:
            print(f"  {parameter.name:<{width}}  {parameter.default!s:<20}  {parameter.help}")
        print()
    return 0
