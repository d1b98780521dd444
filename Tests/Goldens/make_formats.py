"""Writes the golden files of HearthFormatsTests with PyTorch, NumPy and safetensors.

    python Tests/Goldens/make_formats.py

Element i of every tensor is pattern(i), so that the tests can compute what they expect.
"""

import collections
import gzip
import io
import struct
import zipfile
from collections import OrderedDict
from pathlib import Path

import numpy as np
import safetensors.torch
import torch

FOLDER = Path(__file__).parent.parent / "HearthFormatsTests" / "Goldens"
DTYPES = ["bool", "uint8", "int8", "int16", "int32", "int64", "float16", "bfloat16", "float32", "float64"]


def tensor(shape, dtype):
    """Elements (7 i mod 11) - 3; half of that for floats, without the - 3 for uint8, and whether it is even for bool."""
    numbers = torch.arange(int(np.prod(shape)), dtype=torch.float64) * 7 % 11
    if dtype == "bool":
        return (numbers % 2 == 0).reshape(shape)
    if dtype != "uint8":
        numbers = numbers - 3
    if "float" in dtype:
        numbers = numbers / 2
    return numbers.to(getattr(torch, dtype)).reshape(shape)


def dtypes():
    return OrderedDict((dtype, tensor([2, 3], dtype)) for dtype in DTYPES)


def views():
    base = tensor([4, 6], "float32")
    return {
        "base": base,
        "alias": base,
        "transposed": base.t(),
        "sliced": base[1:3, ::2],
        "column": base[:, 4],
        "expanded": base[0, :1].expand(3, 5),
        "scalar": tensor([], "float64"),
        "empty": torch.empty(0, 3, dtype=torch.int16),
        "parameter": torch.nn.Parameter(tensor([2, 2], "float32")),
        "permuted": tensor([2, 3, 4], "int32").permute(2, 0, 1),
    }


def checkpoint():
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    schedule = torch.optim.lr_scheduler.MultiStepLR(optimizer, [2, 5])
    model(tensor([5, 3], "float32")).pow(2).sum().backward()
    optimizer.step()
    schedule.step()
    return {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "schedule": schedule.state_dict(),
        "epoch": 3,
        "numbers": [0, 255, 256, 65535, 65536, -1, 2**31, -(2**31), 2**40, -(2**63)],
        "loss": 0.25,
        "name": "Grüße 🔥",
        "flags": (True, False, None),
        "raw": bytes([0, 127, 128, 255]),
        "array": bytearray([1, 2]),
        "labels": {1, 2},
        "size": torch.Size([2, 3]),
        "dtype": torch.bfloat16,
        "device": torch.device("cuda", 1),
        "nested": {"a": [{"b": ((), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4))}]},
    }


def extras():
    """What lies beyond 64 bits, and dictionaries with a default."""
    big = [2**63, 2**64 - 1, -(2**63) - 1, 2**127, -(2**127), 2**4000, 2**63 - 1, -(2**63), 255, -1, 0]
    plain = {"a": [1, 2], 3: 4.5}
    kinds = {"dict": dict, "list": list, "int": int, "float": float, "str": str, "bool": bool, "tuple": tuple, "set": set}
    defaults = {name: collections.defaultdict(kind, plain) for name, kind in kinds.items()}
    return {
        "big": big,
        "keys": {2**70: "x", -(2**70): "y"},
        "defaults": {**defaults, "none": collections.defaultdict(None, plain), "empty": collections.defaultdict(list)},
        "nested": collections.defaultdict(dict, {"a": collections.defaultdict(list, {"b": [1]})}),
    }


def big_endian(path, source):
    """The same file as a big-endian machine writes it."""
    sizes = [torch.empty(0, dtype=getattr(torch, name)).element_size() for name in DTYPES]
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            folder, rest = name.split("/", 1)
            if rest == "byteorder":
                data = b"big"
            elif rest.startswith("data/"):
                size = sizes[int(rest[5:])]
                data = np.frombuffer(data, f"V{size}").tobytes() if size == 1 else (
                    np.frombuffer(data, f"<u{size}").byteswap().tobytes())
            new.writestr(zipfile.ZipInfo(f"big/{rest}"), data)


class Pipe(io.RawIOBase):
    """A stream that cannot seek: what is written to it has its sizes behind the data."""

    def __init__(self, file):
        self.file = file

    def writable(self):
        return True

    def write(self, data):
        return self.file.write(data)


def deflated(path, source):
    with zipfile.ZipFile(source) as old, open(path, "wb") as file:
        with zipfile.ZipFile(Pipe(file), "w", zipfile.ZIP_DEFLATED) as new:
            new.comment = b"a comment at the end"
            for name in old.namelist():
                new.writestr(zipfile.ZipInfo(name), old.read(name), zipfile.ZIP_DEFLATED)


def make_torch():
    torch.save(dtypes(), FOLDER / "dtypes.pth")
    torch.save(dtypes(), FOLDER / "dtypes_legacy.pth", _use_new_zipfile_serialization=False)
    torch.save(views(), FOLDER / "views.pth")
    torch.save(views(), FOLDER / "views_legacy.pth", _use_new_zipfile_serialization=False)
    torch.save(checkpoint(), FOLDER / "checkpoint.pth")
    torch.save(checkpoint(), FOLDER / "checkpoint_legacy.pth", _use_new_zipfile_serialization=False)
    for protocol in (3, 4, 5):
        torch.save(checkpoint(), FOLDER / f"checkpoint_protocol{protocol}.pth", pickle_protocol=protocol)
    torch.save(dtypes(), FOLDER / "dtypes_legacy4.pth", pickle_protocol=4, _use_new_zipfile_serialization=False)
    big_endian(FOLDER / "dtypes_big.pth", FOLDER / "dtypes.pth")
    deflated(FOLDER / "checkpoint_deflated.pth", FOLDER / "checkpoint.pth")
    for protocol in (2, 3, 4, 5):
        torch.save(extras(), FOLDER / f"extras_protocol{protocol}.pth", pickle_protocol=protocol)
    torch.serialization.set_crc32_options(False)
    torch.save(dtypes(), FOLDER / "dtypes_nochecksum.pth")
    torch.serialization.set_crc32_options(True)


def make_safetensors():
    tensors = {**dtypes(), "scalar": tensor([], "float64"), "empty": torch.empty(0, 3, dtype=torch.int16)}
    safetensors.torch.save_file(tensors, FOLDER / "dtypes.safetensors", {"format": "pt", "note": 'a "quoted" ü\n'})


def make_numpy():
    arrays = {name: tensor([2, 3], name).numpy() for name in DTYPES if name != "bfloat16"}
    np.savez(FOLDER / "dtypes.npz", **arrays)
    np.savez_compressed(FOLDER / "dtypes_compressed.npz", **arrays)
    plain = tensor([2, 3, 4], "float32").numpy()
    for version in (1, 2, 3):
        with open(FOLDER / f"version{version}.npy", "wb") as file:
            np.lib.format.write_array(file, plain, (version, 0))
    np.save(FOLDER / "fortran.npy", np.asfortranarray(plain))
    np.save(FOLDER / "big.npy", plain.astype(">f4"))
    np.save(FOLDER / "big_fortran.npy", np.asfortranarray(tensor([2, 3, 4], "int64").numpy().astype(">i8")))
    np.save(FOLDER / "scalar.npy", tensor([], "float64").numpy())
    np.save(FOLDER / "empty.npy", np.zeros((0, 3), np.int16))
    records = np.zeros(2, [("x", "<f4"), ("y", "<i4", (2,))])
    np.save(FOLDER / "structured.npy", records)
    np.save(FOLDER / "texts.npy", np.array(["a", "bc"]))


def make_idx():
    codes = {"uint8": 8, "int8": 9, "int16": 11, "int32": 12, "float32": 13, "float64": 14}
    for name, code in codes.items():
        array = tensor([2, 3, 4], name).numpy()
        data = bytes([0, 0, code, 3]) + struct.pack(">III", *array.shape) + array.astype(array.dtype.newbyteorder(">")).tobytes()
        (FOLDER / f"{name}.idx").write_bytes(data)
        if name == "int16":
            (FOLDER / f"{name}.idx.gz").write_bytes(gzip.compress(data, mtime=0))
            (FOLDER / "members.idx.gz").write_bytes(
                gzip.compress(data[:20], mtime=0) + gzip.compress(data[20:], mtime=0) + bytes(5))


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    make_torch()
    make_safetensors()
    make_numpy()
    make_idx()
