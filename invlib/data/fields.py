"""Taking a YAML mapping apart: a missing, unknown or ill-typed key is refused by name."""

from typing import Any

from invlib.errors import InvlibError, unknown


class Fields:
    """One mapping of a file. Each key is taken once; `done` refuses what nobody took."""

    def __init__(self, raw: Any, file: str, path: str = "") -> None:
        self.file = file
        self.path = path
        if not isinstance(raw, dict) or not all(isinstance(key, str) for key in raw):
            raise InvlibError(f"{file}: {path or 'the file'} must be a mapping from names.")
        self._raw = raw
        self._taken: list[str] = []

    def text(self, key: str) -> str:
        return self._take(key, "a text that is not empty", _is_text)

    def texts(self, key: str) -> tuple[str, ...]:
        return tuple(self._take(key, "a list of texts", lambda v: _is_list(v, _is_text)))

    def whole(self, key: str) -> int:
        return self._take(key, "a whole number of 0 or more", _is_whole)

    def wholes(self, key: str) -> tuple[int, ...]:
        return tuple(
            self._take(
                key, "a list of whole numbers of 0 or more", lambda v: _is_list(v, _is_whole)
            )
        )

    def fields(self, key: str) -> "Fields":
        return Fields(self._take(key, "a mapping", _is_mapping), self.file, self._full(key))

    def each(self, key: str) -> list[tuple[str, "Fields"]]:
        """The named mappings under `key`, in the file's order."""
        table = self._take(key, "a mapping", _is_mapping)
        return [
            (str(name), Fields(v, self.file, self._full(key, name))) for name, v in table.items()
        ]

    def has(self, key: str) -> bool:
        return key in self._raw

    def done(self) -> None:
        """Refuse the keys that were not taken."""
        for key in self._raw:
            if key not in self._taken:
                raise unknown("key", self._full(key), map(self._full, self._taken), self._where())

    def refuse(self, key: str, expected: str) -> InvlibError:
        """The error for a value that is not as `expected`."""
        return InvlibError(
            f"{self.file}: {self._full(key)} is {self._raw[key]!r}; it must be {expected}."
        )

    def _take(self, key: str, expected: str, fits: Any) -> Any:
        self._taken.append(key)
        if key not in self._raw:
            raise InvlibError(f"{self.file}: the key {self._full(key)} is missing ({expected}).")
        if not fits(self._raw[key]):
            raise self.refuse(key, expected)
        return self._raw[key]

    def _full(self, *keys: object) -> str:
        return ".".join([*filter(None, [self.path]), *map(str, keys)])

    def _where(self) -> str:
        return f"in {self.file}"


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_whole(value: Any) -> bool:
    return type(value) is int and value >= 0


def _is_mapping(value: Any) -> bool:
    return isinstance(value, dict)


def _is_list(value: Any, fits: Any) -> bool:
    return isinstance(value, list) and all(fits(item) for item in value)
