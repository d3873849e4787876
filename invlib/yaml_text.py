"""YAML read by libyaml where it is there: claims and profiles are long, every page reads them."""

from typing import Any

import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same language, ten times faster


def parse_yaml(text: str) -> Any:
    """What a YAML document says; raises yaml.YAMLError."""
    return yaml.load(text, Loader=LOADER)
