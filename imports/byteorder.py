"""Arrays of numbers as they lie in storage, which is little-endian on every machine."""

import sys
from array import array


def little_endian(numbers: "array[int]") -> "array[int]":
    """These numbers to be written, or as they were read; on nearly every machine the same array."""
    if sys.byteorder == "big":
        numbers = array(numbers.typecode, numbers)
        numbers.byteswap()
    return numbers
