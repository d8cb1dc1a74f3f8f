"""Many rows at once, in the processor's widest registers, which numba does not do by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llvmlite import ir
from llvmlite.binding import get_host_cpu_features
from numba.core import cgutils, types

from models.compiled import native

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LANES = 16
"""So many rows answer a question at once."""


def _keep_leaves(
    left: NDArray[np.uint64],
    block: NDArray[np.float64],
    feature: NDArray[np.int64],
    threshold: NDArray[np.float64],
    remain: NDArray[np.uint64],
    first: int,
    last: int,
) -> None:
    for lane in range(LANES):
        for question in range(first, last):
            if not block[feature[question], lane] <= threshold[question]:
                left[lane] &= remain[question]


@native(_keep_leaves)
def keep_leaves(
    _: Any,
    left: types.Array,
    block: types.Array,
    feature: types.Array,
    threshold: types.Array,
    remain: types.Array,
    first: Any,  # noqa: ARG001 - of whatever type, it becomes int64, as the next
    last: Any,  # noqa: ARG001 - as before
) -> Any:
    """Put some questions to rows: where a row's number is not at most the threshold, only leaves in `remain` are left.

    left : uint64 (LANES,), each row's leaves. block : float64 (row_width, LANES), the rows' numbers. The others as in
    `trees.Questions`; asked are those from `first` to `last`, exclusive.
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        bits, numbers, features, thresholds, remains = (
            context.make_array(signature.args[at])(context, builder, arguments[at]).data for at in range(5)
        )
        integers, doubles = ir.VectorType(ir.IntType(64), LANES), ir.VectorType(ir.DoubleType(), LANES)
        place = builder.bitcast(bits, integers.as_pointer())
        held = cgutils.alloca_once(builder, integers)  # becomes a register, where memory would be waited for
        builder.store(builder.load(place, align=8), held)
        with cgutils.for_range(builder, arguments[6], start=arguments[5]) as loop:
            asked, most, kept = (
                builder.load(builder.gep(array, [loop.index])) for array in (features, thresholds, remains)
            )
            first = builder.gep(numbers, [builder.mul(asked, ir.Constant(ir.IntType(64), LANES))])
            value = builder.load(builder.bitcast(first, doubles.as_pointer()), align=8)
            is_yes = builder.fcmp_ordered("<=", value, _in_every_lane(builder, most, doubles))
            leaves = builder.load(held)
            fewer = builder.and_(leaves, _in_every_lane(builder, kept, integers))
            builder.store(builder.select(is_yes, leaves, fewer), held)
        builder.store(builder.load(held), place, align=8)
        return context.get_dummy_value()

    return types.void(left, block, feature, threshold, remain, types.int64, types.int64), generate


ROWS, VECTORS = (4, 2) if get_host_cpu_features().get("avx512f", False) else (6, 1)
"""So many rows are multiplied at once, by so many vectors of columns: their sums stay in registers.

Of AVX-512's thirty-two, each of which holds a vector, eight hide how long an addition takes. Of AVX2's sixteen, two
hold a vector: with more sums than these, some went through memory, which took half as long again.
"""
PANEL = VECTORS * LANES
"""Columns that are multiplied at once."""


def _add_products(
    sums: NDArray[np.float32], values: NDArray[np.float32], weights: NDArray[np.float32], row: int, panel: int
) -> None:
    columns = slice(panel * PANEL, (panel + 1) * PANEL)
    sums[row : row + ROWS, columns] += values[row : row + ROWS] @ weights[panel]


@native(_add_products)
def add_products(_: Any, sums: types.Array, values: types.Array, weights: types.Array, row: Any, panel: Any) -> Any:  # noqa: ARG001 - of whatever type, they become those below
    """Add to ROWS rows of sums, in the columns of one panel, what the same rows of values make with its weights.

    sums : float32 (rows, panels * PANEL). values : float32 (rows, inputs). weights : float32 (panels, inputs, PANEL).
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        total, given, factors = (
            context.make_array(kind)(context, builder, array)
            for kind, array in zip(signature.args[:3], arguments[:3], strict=True)
        )
        number, vector = ir.IntType(64), ir.VectorType(ir.FloatType(), LANES)
        width, inputs = (builder.extract_value(array.shape, 1) for array in (total, given))
        form = ir.FunctionType(vector, [vector] * 3)
        multiply_add = cgutils.get_or_insert_function(builder.module, form, f"llvm.fmuladd.v{LANES}f32")
        column = builder.mul(arguments[4], ir.Constant(number, PANEL))
        first = builder.mul(column, inputs)

        def registers(data: Any, place: Any) -> list[Any]:
            places = [builder.add(place, ir.Constant(number, part * LANES)) for part in range(VECTORS)]
            return [builder.bitcast(builder.gep(data, [at]), vector.as_pointer()) for at in places]

        rows = [builder.add(arguments[3], ir.Constant(number, after)) for after in range(ROWS)]
        places = [place for at in rows for place in registers(total.data, builder.add(builder.mul(at, width), column))]
        held = [cgutils.alloca_once(builder, vector) for _ in places]  # these become registers
        for place, own in zip(places, held, strict=True):
            builder.store(builder.load(place, align=4), own)
        with cgutils.for_range(builder, inputs) as loop:
            weight = registers(factors.data, builder.add(first, builder.mul(loop.index, ir.Constant(number, PANEL))))
            factor = [builder.load(place, align=4) for place in weight]
            for at, sums_at in zip(rows, range(0, len(held), VECTORS), strict=True):
                value = builder.load(builder.gep(given.data, [builder.add(builder.mul(at, inputs), loop.index)]))
                value = _in_every_lane(builder, value, vector)
                for own, by in zip(held[sums_at : sums_at + VECTORS], factor, strict=True):
                    builder.store(builder.call(multiply_add, [value, by, builder.load(own)]), own)
        for place, own in zip(places, held, strict=True):
            builder.store(builder.load(own), place, align=4)
        return context.get_dummy_value()

    return types.void(sums, values, weights, types.int64, types.int64), generate


def _in_every_lane(builder: Any, value: Any, vector: ir.VectorType) -> Any:
    """One number in all places of a register."""
    number, none = ir.IntType(32), ir.Constant(vector, ir.Undefined)
    alone = builder.insert_element(none, value, ir.Constant(number, 0))
    return builder.shuffle_vector(alone, none, ir.Constant(ir.VectorType(number, LANES), [0] * LANES))
