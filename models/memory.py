"""What numba does not offer of itself: memory asked for before it is needed, and arrays without reference counts.

Tables larger than the caches are waited for at every look-up unless they are asked for earlier. And numba counts
references to an array wherever one is handed on, with an atomic addition each, which in the innermost loops costs more
than what they do.
"""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.np.arrayobj import populate_array

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


@native(lambda array: array.ctypes.data)
def address_of(_: Any, array: types.Array) -> Any:
    """Where an array's first number lies in memory, for `array_at`. Whoever asks holds the array to the last use."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        return builder.ptrtoint(data, ir.IntType(64))

    return types.int64(array), generate


def _array_at(address: int, size: int, kind: Any) -> np.ndarray[Any, Any]:
    memory = (ctypes.c_char * (int(size) * np.dtype(kind).itemsize)).from_address(int(address))
    return np.frombuffer(memory, kind)


@native(_array_at)
def array_at(_: Any, address: types.Integer, size: types.Integer, kind: Any) -> Any:  # noqa: ARG001 - of whatever type, they become int64
    """The array of so many numbers that lies there, lent: its owner is held by others.

    A kernel that is called with each table by itself waits a tenth of a microsecond for each, and for each array that
    it makes: one array of addresses, and one of room, take their place.
    """
    array = types.Array(kind.dtype, 1, "C")

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        held_type = context.get_data_type(kind.dtype)
        width = context.get_constant(types.intp, context.get_abi_sizeof(held_type))
        made = context.make_array(signature.return_type)(context, builder)
        data = builder.inttoptr(arguments[0], held_type.as_pointer())
        populate_array(made, data=data, shape=[arguments[1]], strides=[width], itemsize=width, meminfo=None)
        return made._getvalue()  # noqa: SLF001 - numba's own way to the value

    return array(types.int64, types.int64, kind), generate
