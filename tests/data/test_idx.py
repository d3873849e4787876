"""The IDX reader: round trips, and headers that lie."""

import gzip
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from invlib.data import idx
from invlib.errors import InvlibError

ARRAYS = arrays.arrays(np.uint8, arrays.array_shapes(max_dims=3, min_side=0, max_side=6))
HEADER = bytes((0, 0, 8, 3)) + b"".join(n.to_bytes(4, "big") for n in (2, 3, 4))


@given(array=ARRAYS)
def test_what_was_written_is_read(to_idx, array: np.ndarray) -> None:
    read = idx.read(to_idx(array), array.ndim, "x")
    assert read.dtype == np.uint8
    assert np.array_equal(read, array)
    assert not read.flags.writeable


def test_the_pixels_of_mnist_are_in_row_major_order() -> None:
    read = idx.read(HEADER + bytes(range(24)), 3, "x")
    assert read[1, 2, 3] == 23
    assert read[0, 1, 0] == 4


@given(position=st.integers(0, len(HEADER) - 1), value=st.integers(0, 255))
def test_any_changed_header_byte_is_refused(position: int, value: int) -> None:
    changed = bytearray(HEADER + bytes(24))
    if changed[position] == value:
        return
    changed[position] = value
    with pytest.raises(InvlibError, match=r"^x: "):
        idx.read(bytes(changed), 3, "x")


@given(content=st.binary(max_size=64), dimensions=st.integers(1, 3))
def test_arbitrary_bytes_are_refused_or_are_idx(content: bytes, dimensions: int) -> None:
    try:
        array = idx.read(content, dimensions, "x")
    except InvlibError:
        return
    assert content[:4] == bytes((0, 0, 8, dimensions))
    assert content.endswith(array.tobytes())


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "header takes 16 bytes, the file has 0"),
        (HEADER[:15], "header takes 16 bytes, the file has 15"),
        (HEADER, "promises 2 x 3 x 4 bytes, 0 follow"),
        (HEADER + bytes(23), "promises 2 x 3 x 4 bytes, 23 follow"),
        (HEADER + bytes(25), "promises 2 x 3 x 4 bytes, 25 follow"),
        (HEADER[:4] + b"\xff" * 12 + bytes(24), "promises 4294967295 x"),
        (bytes((0, 0, 13, 3)) + HEADER[4:] + bytes(96), "starts with 00000d03"),
        (bytes((0, 0, 8, 1)) + HEADER[4:] + bytes(24), "starts with 00000801, not with 00000803"),
        (gzip.compress(HEADER + bytes(24), mtime=0), "starts with 1f8b"),
        (pickle.dumps(list(range(100))), "starts with 8004"),
    ],
    ids=lambda value: value if isinstance(value, str) else "content",
)
def test_a_wrong_file_is_refused_by_what_is_wrong(content: bytes, message: str) -> None:
    with pytest.raises(InvlibError, match=f"^train-images: .*{message}"):
        idx.read(content, 3, "train-images")
