"""Numbers in half precision, as bits: alone, and four at a time in one register, which numba does not do by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from llvmlite import ir
from numba.core import types

from models.compiled import native, part

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLOCK = 4
"""Numbers that are taken at once: as many doubles as a register of AVX2 holds."""

BITS, SHIFT = np.int32(-0x70000001), np.int32(13)
HALF_SCALE = 2.0**112
"""What a half's bits, moved to a single's places, are too small by: the exponents count from another zero."""


@part
def half(bits: np.int16) -> np.float64:
    """The number in half precision that these bits are, times 2 ** -112."""
    return np.float64(np.uint32((np.int32(bits) << SHIFT) & BITS).view(np.float32))


def _add_row(
    sums: NDArray[np.float64], first: int, weight: NDArray[np.int16], column: int, row: int, value: float
) -> None:
    for label in range(BLOCK):
        sums[first + label] += value * half(weight[row, column + label])


@native(_add_row)
def add_row(_: Any, sums: types.Array, first: Any, weight: types.Array, column: Any, row: Any, value: Any) -> Any:  # noqa: ARG001 - of whatever type, they become those below
    """Add `value` times the BLOCK weights from `weight[row, column]` on to the sums from `sums[first]` on."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        total, table = (context.make_array(signature.args[at])(context, builder, arguments[at]) for at in (0, 2))
        halves, bits, singles, doubles = (
            ir.VectorType(kind, BLOCK) for kind in (ir.IntType(16), ir.IntType(32), ir.FloatType(), ir.DoubleType())
        )
        columns = builder.extract_value(table.shape, 1)
        place = builder.add(builder.mul(arguments[4], columns), arguments[3])
        packed = builder.load(builder.bitcast(builder.gep(table.data, [place]), halves.as_pointer()), align=2)
        shifted = builder.shl(builder.sext(packed, bits), ir.Constant(bits, [int(SHIFT)] * BLOCK))
        single = builder.bitcast(builder.and_(shifted, ir.Constant(bits, [int(BITS)] * BLOCK)), singles)
        factor = ir.Constant(doubles, ir.Undefined)
        for lane in range(BLOCK):
            factor = builder.insert_element(factor, arguments[5], ir.Constant(ir.IntType(32), lane))
        sum_at = builder.bitcast(builder.gep(total.data, [arguments[1]]), doubles.as_pointer())
        added = builder.fmul(builder.fpext(single, doubles), factor)
        builder.store(builder.fadd(builder.load(sum_at, align=8), added), sum_at, align=8)
        return context.get_dummy_value()

    return types.void(sums, types.int64, weight, types.int64, types.int64, types.float64), generate
