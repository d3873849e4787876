"""Reading IDX, the format of MNIST's files: a magic number, one length per dimension, the bytes."""

import math

import numpy as np

from invlib.errors import InvlibError

UNSIGNED_BYTE = 0x08


def read(content: bytes, dimensions: int, name: str) -> np.ndarray:
    """The array in an IDX file of unsigned bytes, read-only; every header field is checked."""
    header = 4 + 4 * dimensions
    if len(content) < header:
        raise InvlibError(
            f"{name}: an IDX header takes {header} bytes, the file has {len(content)}."
        )
    magic = bytes((0, 0, UNSIGNED_BYTE, dimensions))
    if content[:4] != magic:
        raise InvlibError(
            f"{name}: starts with {content[:4].hex()}, not with {magic.hex()} (IDX, unsigned "
            f"bytes, {dimensions} dimension{'s' if dimensions > 1 else ''})."
        )
    shape = [int(size) for size in np.frombuffer(content, ">u4", count=dimensions, offset=4)]
    if len(content) != header + math.prod(shape):
        raise InvlibError(
            f"{name}: its header promises {' x '.join(map(str, shape))} bytes, "
            f"{len(content) - header} follow."
        )
    return np.frombuffer(content, np.uint8, offset=header).reshape(shape)
