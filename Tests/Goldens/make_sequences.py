"""Writes the golden file of HearthNNTests for sequences with PyTorch: recurrent layers, attention, embeddings.

    python Tests/Goldens/make_sequences.py

A case has `name/in0`, `name/out0`, `name/out1`, …, `name/grad0` (of the loss that is the sum over all outputs of
`out * weights`, see make_operations.py), `name/state/weight` and `name/stategrad/weight`. Everything is float64, so
that results can be compared closely, and there is one file, compressed.
"""

import gzip
import sys
from pathlib import Path

import safetensors.torch
import torch
from torch import nn
from torch.nn.utils import rnn as packing

FOLDER = Path(__file__).parent.parent / "HearthNNTests" / "Goldens"
torch.set_default_dtype(torch.float64)
generator = torch.Generator().manual_seed(22)
tensors = {}


def uniform(*shape, low=-1.5, high=1.5):
    # Multiples of 1/256 are the same in every floating-point type and compress well.
    return ((torch.rand(shape, generator=generator) * (high - low) + low) * 256).round() / 256


def weights(x):
    return (((torch.arange(x.numel()) * 7 % 11) - 5) / 4).reshape(x.shape).to(x.dtype)


def record(name, function, inputs, module=None, state=None):
    """`state` are the tensors that are stored when they are not the module's own."""
    leaves = [x.clone().requires_grad_(x.is_floating_point()) for x in inputs]
    before = {key: x.detach().clone() for key, x in (module.state_dict() if module else {}).items()} if state is None else state
    outs = function(*leaves)
    outs = [out for out in (outs if isinstance(outs, (tuple, list)) else [outs])]
    parameters = list(module.named_parameters()) if module else []
    wanted = [x for x in leaves if x.requires_grad] + [p for _, p in parameters]
    loss = sum((out * weights(out)).sum() for out in outs if out.is_floating_point())
    gradients = torch.autograd.grad(loss, wanted, allow_unused=True, materialize_grads=True)
    for i, x in enumerate(inputs):
        tensors[f"{name}/in{i}"] = x.clone().contiguous()
    for i, out in enumerate(outs):
        tensors[f"{name}/out{i}"] = out.detach().clone().contiguous()
    position = 0
    for i, x in enumerate(leaves):
        if x.requires_grad:
            tensors[f"{name}/grad{i}"] = gradients[position].clone().contiguous()
            position += 1
    for key, x in before.items():
        tensors[f"{name.split(' # ')[0]}/state/{key}"] = x.contiguous()
    for (key, _), g in zip(parameters, gradients[position:]):
        tensors[f"{name}/stategrad/{key}"] = g.clone().contiguous()


def fresh(module):
    for p in module.parameters():
        p.data = uniform(*p.shape, low=-0.6, high=0.6)
    return module.eval()


def flat(result):
    output, state = result
    return [output, *state] if isinstance(state, tuple) else [output, state]


def recurrent():
    kinds = {
        "RNN": lambda *a, **k: nn.RNN(*a, **k), "RNN relu": lambda *a, **k: nn.RNN(*a, nonlinearity="relu", **k),
        "GRU": lambda *a, **k: nn.GRU(*a, **k), "LSTM": lambda *a, **k: nn.LSTM(*a, **k),
    }
    configurations = {
        "": {}, "two layers": dict(num_layers=2), "bidirectional": dict(bidirectional=True),
        "two bidirectional": dict(num_layers=2, bidirectional=True), "no bias": dict(bias=False),
        "batch first": dict(batch_first=True, bidirectional=True),
        "projected": dict(proj_size=2), "two projected": dict(num_layers=2, bidirectional=True, proj_size=2),
    }
    for kind, make in kinds.items():
        for label, options in configurations.items():
            if "proj_size" in options and kind != "LSTM" or kind == "RNN relu" and label not in ("", "bidirectional"):
                continue
            module = fresh(make(3, 4, **options))
            first = options.get("batch_first", False)
            count = options.get("num_layers", 1) * (2 if options.get("bidirectional") else 1)
            units = options.get("proj_size", 4)
            name = f"{kind} {label}".strip()
            x = uniform(2, 5, 3) if first else uniform(5, 2, 3)
            states = [uniform(count, 2, units)] + ([uniform(count, 2, 4)] if kind == "LSTM" else [])
            call = lambda x, *s: flat(module(x, tuple(s) if len(s) > 1 else s[0] if s else None))
            record(f"{name} # zero", call, [x], module)
            record(f"{name} # given", call, [x] + states, module)
            record(f"{name} # one step", call, [x[:, :1] if first else x[:1]], module)
            record(f"{name} # unbatched", call, [uniform(5, 3)] + [s[:, 0] for s in states], module)
            for ordered in (True, False):
                lengths = [5, 3, 3, 1] if ordered else [2, 5, 1, 4]
                padded = uniform(4, 5, 3) if first else uniform(5, 4, 3)

                def packed(x, *s):
                    sequence = packing.pack_padded_sequence(x, lengths, batch_first=first, enforce_sorted=ordered)
                    state = tuple(s) if len(s) > 1 else s[0] if s else None
                    output, state = module(sequence, state)
                    output = packing.pad_packed_sequence(output, batch_first=first)[0]
                    return flat((output, state))

                start = [uniform(count, 4, units)] + ([uniform(count, 4, 4)] if kind == "LSTM" else [])
                record(f"{name} # packed {'sorted' if ordered else 'unsorted'}", packed, [padded] + start, module)
    for kind, make in {"RNNCell": nn.RNNCell, "GRUCell": nn.GRUCell, "LSTMCell": nn.LSTMCell}.items():
        for bias in (True, False):
            module = fresh(make(3, 4, bias=bias))
            name = kind + ("" if bias else " no bias")
            call = lambda x, *s: module(x, tuple(s) if len(s) > 1 else s[0] if s else None)
            record(f"{name} # zero", call, [uniform(2, 3)], module)
            states = [uniform(2, 4) for _ in range(2 if kind == "LSTMCell" else 1)]
            record(f"{name} # given", call, [uniform(2, 3)] + states, module)
            record(f"{name} # unbatched", call, [uniform(3)] + [s[0] for s in states], module)


def packing_cases():
    x = uniform(4, 3, 2)
    for first in (False, True):
        for ordered in (True, False):
            lengths = ([4, 2, 1] if ordered else [1, 4, 2]) if not first else ([3, 3, 2, 1] if ordered else [1, 3, 2, 3])

            def pack(x, pad=0.0, total=None):
                p = packing.pack_padded_sequence(x, lengths, batch_first=first, enforce_sorted=ordered)
                padded, sizes = packing.pad_packed_sequence(p, batch_first=first, padding_value=pad, total_length=total)
                extra = [p.sorted_indices, p.unsorted_indices] if not ordered else []
                return [p.data, padded, p.batch_sizes, sizes] + extra

            name = f"pack {'batch first' if first else ''} {'sorted' if ordered else 'unsorted'}".replace("  ", " ")
            record(name, pack, [x])
            record(f"{name} # padded", lambda x: pack(x, -1.5, 6), [x])
    parts = [uniform(2, 2), uniform(4, 2), uniform(1, 2)]
    for first in (False, True):
        for side in ("right", "left"):
            record(f"pad {'batch first ' if first else ''}{side}", lambda *s: packing.pad_sequence(list(s), batch_first=first, padding_value=0.5, padding_side=side), parts)
    record("pack sequence", lambda *s: packing.pack_sequence(list(s), enforce_sorted=False).data, parts)


def write(name):
    stored = {key: x.float() if x.is_floating_point() else x for key, x in sorted(tensors.items())}
    data = safetensors.torch.save(stored)
    with open(FOLDER / f"{name}.safetensors.gz", "wb") as file:
        with gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
            packed.write(data)
    print(len(tensors), "tensors", (FOLDER / f"{name}.safetensors.gz").stat().st_size, "bytes")
    tensors.clear()


recurrent()
packing_cases()
write("sequences")
