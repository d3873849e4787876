"""Configurations: frozen dataclasses that refuse a wrong name, type or value, and say which."""

import dataclasses
import math
import types
import typing
from collections.abc import Mapping
from typing import Any, Self

from invlib.errors import UsageError, unknown

REQUIRED = dataclasses.MISSING


def option(
    default: Any,
    help: str,
    *,
    low: float | None = None,
    high: float | None = None,
    choices: tuple | None = None,
) -> Any:
    """A configuration field: its default, its meaning, and the values it may take."""
    limits = {"help": help, "low": low, "high": high, "choices": choices}
    return dataclasses.field(default=default, metadata=limits)


@dataclasses.dataclass(frozen=True)
class Config:
    """Base of every configuration. Subclasses list their fields with `option`."""

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            value = _typed(field.name, getattr(self, field.name), field.type)
            _check_limits(field.name, value, field.metadata)
            object.__setattr__(self, field.name, value)
        self.check()

    def check(self) -> None:
        """Refuse values that are fine one by one but not together. Subclasses override it."""

    @classmethod
    def parse(cls, values: Mapping[str, Any]) -> Self:
        """A configuration from plain values, refusing names that it does not have."""
        names = [field.name for field in dataclasses.fields(cls)]
        for name in values:
            if name not in names:
                raise unknown("parameter", name, names)
        for field in dataclasses.fields(cls):
            if field.default is REQUIRED and field.name not in values:
                raise UsageError(f"parameter {field.name} is missing: {field.metadata['help']}.")
        return cls(**values)

    def plain(self) -> dict[str, Any]:
        """The values as JSON knows them: what is hashed, stored and passed to workers."""
        values = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        return {name: list(v) if isinstance(v, tuple) else v for name, v in values.items()}


def _typed(name: str, value: Any, annotation: Any) -> Any:
    """`value` as the annotated type, where nothing is lost by it; else a refusal by name."""
    if isinstance(annotation, types.GenericAlias):  # tuple[float, ...]
        item = typing.get_args(annotation)[0]
        if not isinstance(value, (list, tuple)):
            raise UsageError(
                f"parameter {name} is {value!r}; it must be a list of {item.__name__}."
            )
        return tuple(_typed(f"{name}[{i}]", v, item) for i, v in enumerate(value))
    if issubclass(annotation, Config):
        return value if isinstance(value, annotation) else annotation.parse(value)
    if annotation is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if type(value) is not annotation:
        raise UsageError(
            f"parameter {name} is {value!r} ({type(value).__name__}); it must be of type "
            f"{annotation.__name__}."
        )
    if annotation is float and not math.isfinite(value):
        raise UsageError(f"parameter {name} is {value!r}; it must be a finite number.")
    return value


def _check_limits(name: str, value: Any, limits: Mapping[str, Any]) -> None:
    if isinstance(value, tuple):
        if not value:
            raise UsageError(f"parameter {name} is empty; it must list at least one value.")
        if len(set(value)) < len(value):
            raise UsageError(f"parameter {name} is {list(value)}; it names a value twice.")
        for i, item in enumerate(value):
            _check_limits(f"{name}[{i}]", item, limits)
        return
    choices, low, high = (limits.get(key) for key in ("choices", "low", "high"))
    if choices is not None and value not in choices:
        if isinstance(value, str):
            raise unknown("value", value, choices, where=f"for parameter {name}")
        allowed = ", ".join(map(str, choices))
        raise UsageError(f"parameter {name} is {value!r}; it must be one of: {allowed}.")
    if low is not None and value < low:
        raise UsageError(f"parameter {name} is {value!r}; it must be at least {low}.")
    if high is not None and value > high:
        raise UsageError(f"parameter {name} is {value!r}; it must be at most {high}.")
