"""Reads with PyTorch, NumPy and safetensors what WrittenFilesTests wrote, and compares.

    mkdir /tmp/written
    HEARTH_WRITTEN=/tmp/written swift test -c release --disable-testable-imports --filter WrittenFilesTests
    HEARTH_WRITTEN=/tmp/written python Tests/Goldens/check_formats.py
"""

import gzip
import os
import zipfile
from pathlib import Path

import numpy as np
import safetensors.torch
import torch

from make_formats import DTYPES, FOLDER, dtypes, tensor, views

WRITTEN = Path(os.environ["HEARTH_WRITTEN"])


def check(a, b, place=""):
    """Two values are the same, tensors to the bit."""
    assert type(a) is type(b), (place, type(a), type(b))
    if isinstance(a, torch.Tensor):
        assert a.dtype == b.dtype and a.shape == b.shape and torch.equal(a, b), place
    elif isinstance(a, dict):
        assert list(a) == list(b), place
        for key in a:
            check(a[key], b[key], f"{place}/{key}")
    elif isinstance(a, (list, tuple)):
        assert len(a) == len(b), place
        for index, (x, y) in enumerate(zip(a, b)):
            check(x, y, f"{place}/{index}")
    else:
        assert a == b, (place, a, b)


def plain(value):
    """Parameters become tensors, a Counter a dict and a bytearray bytes, as Hearth reads them."""
    if isinstance(value, torch.Tensor):
        return value.detach()
    if isinstance(value, dict):
        kind = type(value) if type(value).__name__ == "OrderedDict" else dict
        return kind((key, plain(item)) for key, item in value.items())
    if type(value) in (list, tuple):
        return type(value)(plain(item) for item in value)
    return bytes(value) if isinstance(value, bytearray) else value


def check_torch():
    check(torch.load(WRITTEN / "dtypes.pth", weights_only=True), dtypes())
    check(torch.load(WRITTEN / "dtypes.pth", weights_only=True, mmap=True), dtypes())
    loaded = torch.load(WRITTEN / "views.pth", weights_only=True)
    check(loaded, plain(views()))
    shared = ["base", "alias", "transposed", "sliced", "column", "expanded"]
    assert len({loaded[name].untyped_storage().data_ptr() for name in shared}) == 1
    golden = torch.load(FOLDER / "checkpoint.pth", weights_only=True)
    written = torch.load(WRITTEN / "checkpoint.pth", weights_only=True)
    check(written, plain(golden))
    model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4))
    model.load_state_dict(written["model"])
    torch.optim.Adam(model.parameters()).load_state_dict(written["optimizer"])


def check_others():
    tensors = safetensors.torch.load_file(WRITTEN / "dtypes.safetensors")
    check({name: tensors[name] for name in DTYPES}, dict(dtypes()))
    assert len(tensors) == len(DTYPES)
    for name in ("dtypes.npz", "compressed.npz"):
        arrays = np.load(WRITTEN / name)
        assert list(arrays) == [dtype for dtype in DTYPES if dtype != "bfloat16"]
        for dtype in arrays:
            check(torch.from_numpy(arrays[dtype]), tensor([2, 3], dtype), name)
    for dtype in DTYPES:
        if dtype != "bfloat16":
            check(torch.from_numpy(np.load(WRITTEN / f"{dtype}.npy")), tensor([2, 3], dtype), dtype)
    assert np.load(WRITTEN / "scalar.npy") == np.float64(-1.5)
    assert gzip.decompress((WRITTEN / "int16.idx.gz").read_bytes()) == (FOLDER / "int16.idx").read_bytes()
    with zipfile.ZipFile(WRITTEN / "zip64.zip") as archive:
        assert archive.testzip() is None
        assert archive.read("a") == bytes([1, 2, 3]) and archive.read("b") == bytes([9]) * 1000
    for path in list(WRITTEN.glob("*.pth")) + list(WRITTEN.glob("*.npz")):
        assert zipfile.ZipFile(path).testzip() is None, path


if __name__ == "__main__":
    check_torch()
    check_others()
    print("all files read back the same")
