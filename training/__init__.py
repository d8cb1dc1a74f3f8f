"""Seeds in, version out.

OpenBLAS sums in an order that depends on the processor. Where it can be told to, it sums here as on any other machine,
so that the same seeds give the same weights; whoever sets its variables has their way.
"""

import os
import sys
from pathlib import Path

SUMMING = {"OPENBLAS_CORETYPE": "Haswell", "OPENBLAS_L2_SIZE": "512"}
CPU_INFO = Path("/proc/cpuinfo")

if "numpy" not in sys.modules and CPU_INFO.exists() and " avx2 " in CPU_INFO.read_text("utf-8", "replace"):
    for name, value in SUMMING.items():
        os.environ.setdefault(name, value)
