"""Writes the .npy fixtures with NumPy: python3 make_npy.py"""

import os

import numpy as np

os.chdir(os.path.dirname(os.path.abspath(__file__)))
os.makedirs("npy", exist_ok=True)

# 0*3+1, 1*3+1, ... differ in every cell, and fit every format.
ramp = (np.arange(6) * 3 + 1).reshape(2, 3)
for code in ["u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f2", "f4", "f8"]:
    values = ramp if code[0] == "u" else -ramp
    for order, name in [("<", "little"), (">", "big")]:
        np.save(f"npy/{code}-{name}.npy", values.astype(np.dtype(order + code)))
np.save("npy/b1.npy", ramp % 2 == 1)
np.save("npy/fractions.npy", np.float64([0.1, 1e300, -0.0, np.inf, 5e-324]))
np.save("npy/scalar.npy", np.float32(2.5))
np.save("npy/empty.npy", np.zeros((0, 7), np.float32))
np.save("npy/columns-first.npy", np.asfortranarray(np.arange(24, dtype=np.float32).reshape(2, 3, 4)))
for version in [(1, 0), (2, 0), (3, 0)]:
    with open(f"npy/version{version[0]}.npy", "wb") as file:
        np.lib.format.write_array(file, ramp.astype(np.float32), version=version)
np.save("npy/structured.npy", np.zeros(2, dtype=[("a", "<f4"), ("b", "<i4")]))
np.save("npy/complex.npy", np.zeros(2, dtype=np.complex64))
