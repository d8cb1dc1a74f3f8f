"""Small feed-forward networks.

Their layers are multiplied by a kernel of our own, in the thread that asks. A library for matrices shares even the
thirty rows of a page out among all cores and waits for the slowest: that is as fast on an idle machine, and beside
other work a hundred times slower.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from models.compiled import kernel, reordering_kernel
from models.judging.lanes import PANEL, ROWS, add_products

if TYPE_CHECKING:
    from numpy.typing import NDArray

Layer = tuple["NDArray[np.float32]", "NDArray[np.float32]"]


@dataclass(frozen=True)
class Network:
    """A feed-forward network: standardize, then linear layers with a ramp (ReLU) between them.

    mean, scale : float64 (row_width,).
    layers : pairs of float64 weights (inputs, outputs) and biases (outputs,); the last gives log-odds by label.
    """

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    layers: tuple[tuple[NDArray[np.float64], NDArray[np.float64]], ...]

    def scores(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Context rows (sections, row_width) to log-odds (sections, labels), in single precision."""
        hidden, last = self._single
        values = in_whole_panels(rows)
        for layer in hidden:
            values = ramps(values, *layer)
        return last_sums(values, *last, len(rows))

    @property
    def standardizing_layers(self) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
        """The layers, the first of which standardizes too."""
        (weights, biases), *others = self.layers
        first = weights / self.scale[:, None]
        return [(first, biases - self.mean @ first), *others]

    @cached_property
    def _single(self) -> tuple[list[Layer], Layer]:
        """The standardizing layers in single precision: the hidden ones', and the last one's.

        Hidden ones have their outputs filled up with zeros to whole panels (panels, inputs, PANEL), the last one is
        turned round (outputs, inputs).
        """
        *hidden, (outer, bias) = self.standardizing_layers
        filled, inputs = [], len(self.mean)
        for weights, biases in hidden:
            panels = -(-len(biases) // PANEL)
            wide, narrow = np.zeros((inputs, panels * PANEL), np.float32), np.zeros(panels * PANEL, np.float32)
            wide[: len(weights), : len(biases)], narrow[: len(biases)] = weights, biases
            filled.append((wide.reshape(inputs, panels, PANEL).transpose(1, 0, 2).copy(), narrow))
            inputs = panels * PANEL
        turned = np.zeros((len(bias), inputs), np.float32)
        turned[:, : len(outer)] = outer.T
        return filled, (turned, bias.astype(np.float32))


@kernel
def in_whole_panels(rows: NDArray[np.float64]) -> NDArray[np.float32]:
    """The rows in single precision, filled up with zeros to a multiple of ROWS."""
    count, width = rows.shape
    values = np.zeros((-(-count // ROWS) * ROWS, width), np.float32)
    for row in range(count):
        for column in range(width):
            values[row, column] = rows[row, column]
    return values


@kernel
def ramps(
    values: NDArray[np.float32], weights: NDArray[np.float32], biases: NDArray[np.float32]
) -> NDArray[np.float32]:
    """`maximum(values @ weights + biases, 0)`.

    values : (a multiple of ROWS, inputs). weights : (panels, inputs, PANEL). biases : (panels * PANEL,).
    """
    sums = np.empty((values.shape[0], biases.size), np.float32)
    for row in range(values.shape[0]):
        for output in range(biases.size):
            sums[row, output] = biases[output]
    for panel in range(weights.shape[0]):  # its weights stay in the nearest cache while all rows pass
        for row in range(0, values.shape[0], ROWS):
            add_products(sums, values, weights, row, panel)
    for row in range(values.shape[0]):
        for output in range(biases.size):
            sums[row, output] = max(sums[row, output], np.float32(0))
    return sums


@reordering_kernel
def last_sums(
    values: NDArray[np.float32], weights: NDArray[np.float32], biases: NDArray[np.float32], rows: int
) -> NDArray[np.float64]:
    """`values[:rows] @ weights.T + biases`, for few outputs.

    values : (rows and more, inputs). weights : (outputs, inputs). biases : (outputs,).
    """
    sums = np.empty((rows, biases.size), np.float64)
    for row in range(rows):
        for output in range(biases.size):
            total = biases[output]
            for place in range(values.shape[1]):
                total += values[row, place] * weights[output, place]
            sums[row, output] = total
    return sums
