"""What numba does not offer of itself: memory asked for before it is needed, and arrays without reference counts.

Tables larger than the caches are waited for at every look-up unless they are asked for earlier. And numba counts
references to an array wherever one is handed on, with an atomic addition each, which in the innermost loops costs more
than what they do.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types

from models.compiled import native

READ, KEEP, DATA = 0, 3, 1
"""What LLVM's prefetch is told: to read, to keep it in all caches, and that it is no code."""


@native(lambda _array, _place: None)
def prefetch(_: Any, array: types.Array, place: types.Integer) -> Any:  # noqa: ARG001 - of whatever type, it becomes int64
    """Ask for `array[place]` of a contiguous array, whose numbers `place` counts one by one."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        address = builder.bitcast(builder.gep(data, [arguments[1]]), cgutils.voidptr_t)
        number = ir.IntType(32)
        form = ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t, number, number, number])
        function = cgutils.get_or_insert_function(builder.module, form, "llvm.prefetch.p0")
        builder.call(function, [address, *(ir.Constant(number, value) for value in (READ, KEEP, DATA))])
        return context.get_dummy_value()

    return types.void(array, types.int64), generate


@native(lambda array: array)
def lent(_: Any, array: types.Array) -> Any:
    """The same array without an owner: no references are counted. Whoever lends it holds it to the last use."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        struct = context.make_array(signature.args[0])(context, builder, arguments[0])
        struct.meminfo = cgutils.get_null_value(struct.meminfo.type)
        struct.parent = cgutils.get_null_value(struct.parent.type)
        return struct._getvalue()  # noqa: SLF001 - numba's own way to the value

    return array(array), generate


@native(lambda _array: None)
def held(_: Any, array: types.Array) -> Any:
    """Hold an array that was lent up to here: numba frees what no line below names."""

    def generate(context: Any, _builder: Any, _signature: Any, _arguments: Any) -> Any:
        return context.get_dummy_value()

    return types.void(array), generate
