"""One question put to many rows at once, in the processor's widest registers, which numba does not do by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llvmlite import ir
from numba.core import types

from models.compiled import native

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LANES = 16
"""So many rows answer a question at once."""


def _keep_leaves(left: NDArray[np.uint64], block: NDArray[np.float64], feature: int, most: float, kept: int) -> None:
    for lane in range(LANES):
        if not block[feature, lane] <= most:
            left[lane] &= kept


@native(_keep_leaves)
def keep_leaves(_: Any, left: types.Array, block: types.Array, feature: Any, most: Any, kept: Any) -> Any:  # noqa: ARG001 - of whatever type, they become those below
    """Take the leaves that are not in `kept` from `left` where a row's number is not at most `most`.

    left : uint64 (LANES,), each row's leaves. block : float64 (row_width, LANES), the rows' numbers.
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        bits, numbers = (context.make_array(signature.args[at])(context, builder, arguments[at]).data for at in (0, 1))
        integers, doubles = ir.VectorType(ir.IntType(64), LANES), ir.VectorType(ir.DoubleType(), LANES)
        first = builder.mul(arguments[2], ir.Constant(ir.IntType(64), LANES))
        asked = builder.load(builder.bitcast(builder.gep(numbers, [first]), doubles.as_pointer()), align=8)
        is_yes = builder.fcmp_ordered("<=", asked, _in_every_lane(builder, arguments[3], doubles))
        place = builder.bitcast(bits, integers.as_pointer())
        leaves = builder.load(place, align=8)
        fewer = builder.and_(leaves, _in_every_lane(builder, arguments[4], integers))
        builder.store(builder.select(is_yes, leaves, fewer), place, align=8)
        return context.get_dummy_value()

    return types.void(left, block, types.int64, types.float64, types.uint64), generate


def _in_every_lane(builder: Any, value: Any, vector: ir.VectorType) -> Any:
    """One number in all places of a register."""
    number, none = ir.IntType(32), ir.Constant(vector, ir.Undefined)
    alone = builder.insert_element(none, value, ir.Constant(number, 0))
    return builder.shuffle_vector(alone, none, ir.Constant(ir.VectorType(number, LANES), [0] * LANES))
