"""What both suites share: one case, given to `convbook apply` and compared."""

import argparse
import collections
import pathlib
import subprocess
import sys
import tempfile
import warnings

import numpy

Case = collections.namedtuple("Case", "name operation arrays options expected")


def arguments(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--binary", default=".build/release/convbook")
    parser.add_argument("--engine", default="reference", choices=["reference", "fast"])
    warnings.simplefilter("ignore")  # the suites warn about cases of theirs that are not ours
    parser.add_argument("--verbose", action="store_true", help="print every case")
    return parser.parse_args()


def numbers(values):
    """2 for [2, 2], 2,1 for [2, 1]: an option's value."""
    values = [int(value) for value in numpy.atleast_1d(values)]
    return ",".join(map(str, values[:1] if len(set(values)) == 1 else values))


def difference(case, settings):
    """None, or why the answer is not the expected one."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        command = [settings.binary, "apply", case.operation, "--engine", settings.engine]
        for name, array in case.arrays.items():
            numpy.save(folder / f"{name}.npy", array)
            command += [f"--{name}", str(folder / f"{name}.npy")]
        for name, value in case.options.items():
            command += [f"--{name}"] if value is True else [f"--{name}", str(value)]
        command += ["--output", str(folder / "output.npy")]
        run = subprocess.run(command, capture_output=True, text=True)
        if run.returncode != 0:
            return f"status {run.returncode}: {run.stderr.strip()}"
        got, expected = numpy.load(folder / "output.npy"), numpy.asarray(case.expected)
        if got.shape != expected.shape:
            return f"shape {got.shape}, expected {expected.shape}"
        if not numpy.allclose(got, expected, rtol=1e-4, atol=1e-4, equal_nan=True):
            return f"largest difference {numpy.nanmax(numpy.abs(got - expected))}"
        return None


def report(cases, left_out, settings):
    """Runs all cases, prints the outcome, ends with status 1 if one disagrees."""
    agreed, wrong = collections.Counter(), []
    for case in cases:
        why = difference(case, settings)
        if why is None:
            agreed[case.operation] += 1
        else:
            wrong.append(case)
        if why is not None or settings.verbose:
            print(f"{'ok  ' if why is None else 'FAIL'} {case.name} {case.options} {why or ''}")
    for reason, names in sorted(left_out.items()):
        print(f"left out, {len(names):3}: {reason}: {', '.join(sorted(set(names)))}")
    for operation, count in sorted(agreed.items()):
        print(f"{operation}: {count} agree")
    print(f"{sum(agreed.values())} of {len(cases)} cases agree")
    sys.exit(1 if wrong or not cases else 0)
