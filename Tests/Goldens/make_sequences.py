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


def masks(name, n, targets, sources, heads):
    padding = torch.zeros(n, sources, dtype=torch.bool)
    padding[0, -2:] = True
    mask = torch.zeros(targets, sources, dtype=torch.bool)
    mask[0, 1] = mask[-1, 0] = True
    return {
        "": {}, "padding": dict(key_padding_mask=padding), "mask": dict(attn_mask=mask),
        "float mask": dict(attn_mask=uniform(targets, sources)),
        "mask for each head": dict(attn_mask=uniform(n * heads, targets, sources)),
        "padding and mask": dict(key_padding_mask=padding, attn_mask=mask),
    }


def attention():
    configurations = {
        "": {}, "no bias": dict(bias=False), "added keys": dict(add_bias_kv=True), "zero key": dict(add_zero_attn=True),
        "both keys": dict(add_bias_kv=True, add_zero_attn=True), "other features": dict(kdim=3, vdim=6),
        "batch first": dict(batch_first=True),
    }
    for label, options in configurations.items():
        module = fresh(nn.MultiheadAttention(4, 2, **options))
        first = options.get("batch_first", False)
        turn = lambda x: x.transpose(0, 1).contiguous() if first else x
        q = turn(uniform(3, 2, 4))
        k, v = turn(uniform(4, 2, options.get("kdim", 4))), turn(uniform(4, 2, options.get("vdim", 4)))
        name = f"MultiheadAttention {label}".strip()
        for kind, given in masks(name, 2, 3, 4, 2).items():
            extra = list(given.values())
            keys = list(given)

            def call(q, k, v, *m, weights=True, average=True):
                y = module(q, k, v, need_weights=weights, average_attn_weights=average, **dict(zip(keys, m)))
                return list(y) if weights else y[0]

            record(f"{name} # {kind} weights", call, [q, k, v] + extra, module)
            record(f"{name} # {kind} fast", lambda *a: call(*a, weights=False), [q, k, v] + extra, module)
        if "kdim" not in options:
            record(f"{name} # self heads", lambda x: list(module(x, x, x, average_attn_weights=False)), [q], module)
            causal = nn.Transformer.generate_square_subsequent_mask(3)
            # With the hint PyTorch's fast path hides added keys, which the mask alone shows to every query as it should.
            hint = not any(option.startswith("add") for option in options)
            record(f"{name} # self causal", lambda x: module(x, x, x, attn_mask=causal, is_causal=hint, need_weights=False)[0], [q], module)
        record(f"{name} # unbatched", lambda q, k, v: list(module(q, k, v)), [uniform(3, 4), uniform(4, k.shape[-1]), uniform(4, v.shape[-1])], module)


def transformers():
    for first in (False, True):
        for before in (False, True):
            for activation in ("relu", "gelu"):
                options = dict(dim_feedforward=5, activation=activation, norm_first=before, batch_first=first)
                suffix = f"{activation}{' before' if before else ''}{' batch first' if first else ''}"
                layer = fresh(nn.TransformerEncoderLayer(4, 2, **options))
                turn = lambda x: x.transpose(0, 1).contiguous() if first else x
                x, y = turn(uniform(3, 2, 4)), turn(uniform(2, 2, 4))
                padding = torch.tensor([[False, False, True], [False, False, False]])
                causal = nn.Transformer.generate_square_subsequent_mask(3)
                name = f"TransformerEncoderLayer {suffix}"
                record(f"{name} # plain", layer, [x], layer)
                record(f"{name} # causal", lambda x: layer(x, src_mask=causal, is_causal=True), [x], layer)
                record(f"{name} # padding", lambda x, p: layer(x, src_key_padding_mask=p), [x, padding], layer)
                decoder = fresh(nn.TransformerDecoderLayer(4, 2, **options))
                name = f"TransformerDecoderLayer {suffix}"
                record(f"{name} # plain", decoder, [y, x], decoder)
                small = nn.Transformer.generate_square_subsequent_mask(2)
                record(f"{name} # causal padding", lambda y, x, p: decoder(y, x, tgt_mask=small, tgt_is_causal=True, memory_key_padding_mask=p), [y, x, padding], decoder)
    model = fresh(nn.Transformer(4, 2, 2, 2, 5, batch_first=True))
    small = nn.Transformer.generate_square_subsequent_mask(2)
    record("Transformer", lambda x, y: model(x, y, tgt_mask=small, tgt_is_causal=True), [uniform(2, 3, 4), uniform(2, 2, 4)], model)


def embeddings():
    index = torch.tensor([3, 1, 1, 4, 2, 0, 2, 2])
    for label, options in {
        "": {}, "max norm": dict(max_norm=0.8), "max norm 1": dict(max_norm=1.0, norm_type=1.0),
        "by frequency": dict(scale_grad_by_freq=True), "padding by frequency": dict(scale_grad_by_freq=True, padding_idx=2),
    }.items():
        module = fresh(nn.Embedding(5, 3, **options))
        record(f"Embedding {label}".strip(), lambda i: [module(i), module.weight * 1], [index], module)
    offsets = torch.tensor([0, 3, 3, 5])
    for mode in ("sum", "mean", "max"):
        for label, options in {
            "": {}, "padding": dict(padding_idx=1), "max norm": dict(max_norm=0.8), "last offset": dict(include_last_offset=True),
            "by frequency": dict(scale_grad_by_freq=True),
        }.items():
            if mode == "max" and "scale_grad_by_freq" in options:
                continue
            module = fresh(nn.EmbeddingBag(5, 3, mode=mode, **options))
            name = f"EmbeddingBag {mode} {label}".strip()
            at = torch.tensor([0, 3, 3, 5, 8]) if label == "last offset" else offsets
            record(f"{name} # offsets", module, [index, at], module)
            if label != "last offset":
                record(f"{name} # rows", module, [index.reshape(2, 4)], module)
            if mode == "sum":
                record(f"{name} # weights", lambda i, o, w: module(i, o, w), [index, at, uniform(8)], module)


def parametrized():
    from torch.nn.utils import parametrizations as P
    from torch.nn.utils import prune

    x, image = uniform(4, 3), uniform(2, 2, 5, 5)
    for dim in (0, 1, None):
        module = fresh(P.weight_norm(nn.Linear(3, 5), dim=dim))
        record(f"weight_norm Linear {dim}", module, [x], module)
    module = fresh(P.weight_norm(nn.Conv2d(2, 3, 3)))
    record("weight_norm Conv2d", module, [image], module)
    module = fresh(P.weight_norm(nn.LSTM(3, 4), "weight_hh_l0"))
    record("weight_norm LSTM", lambda x: module(x)[0], [x], module)
    torch.manual_seed(3)
    for name, make, given in (
        ("Linear", lambda: nn.Linear(3, 5), x), ("Conv2d", lambda: nn.Conv2d(2, 3, 3), image),
        ("ConvTranspose2d", lambda: nn.ConvTranspose2d(2, 3, 3), image), ("Linear 3", lambda: nn.Linear(3, 5), x),
    ):
        module = P.spectral_norm(make(), n_power_iterations=3 if name.endswith("3") else 1)
        after = lambda y: [y, module.parametrizations.weight[0]._u, module.parametrizations.weight[0]._v]
        record(f"spectral_norm {name} # eval", lambda x: after(module.eval()(x)), [given], module)
        record(f"spectral_norm {name} # train", lambda x: after(module.train()(x)), [given], module)
    module = fresh(nn.Linear(3, 5))
    prune.l1_unstructured(module, "weight", 0.3)
    record("prune # once", lambda x: [module(x), module.weight_mask], [x], module)
    prune.l1_unstructured(module, "weight", 4)
    record("prune # twice", lambda x: [module(x), module.weight_mask], [x], module, state={})


recurrent()
packing_cases()
write("sequences")
attention()
transformers()
write("attention")
embeddings()
parametrized()
write("parametrized")
