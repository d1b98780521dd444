"""How the scripts of golden files write a case: inputs, what PyTorch makes of them, and the gradients of the inputs for
the loss `sum(out * weights)`."""

import torch

SHORT = {
    torch.bool: "b", torch.uint8: "u8", torch.int8: "i8", torch.int16: "i16", torch.int32: "i32",
    torch.int64: "i64", torch.float16: "f16", torch.bfloat16: "bf16", torch.float32: "f32", torch.float64: "f64",
}


def label(inputs):
    return ",".join(SHORT[x.dtype] + " " + "x".join(map(str, x.shape)) for x in inputs).replace(" ,", ",").strip()


def weights(x):
    return (((torch.arange(x.numel()) * 7 % 11) - 5) / 4).reshape(x.shape).to(x.dtype)


def add(tensors, key, function, inputs, grad=True, differentiable=(torch.float32, torch.float64)):
    """Adds a case to the tensors of a file, numbered where the name is taken."""
    leaves = [x.clone().requires_grad_(grad and x.dtype in differentiable) for x in inputs]
    out = function(*leaves)
    out = list(out) if isinstance(out, (tuple, list)) else [out]
    name = f"{key}/{label(inputs)}"
    number = 1
    while f"{name}/out0" in tensors:
        number += 1
        name = f"{key}/{label(inputs)} #{number}"
    for i, x in enumerate(inputs):
        tensors[f"{name}/in{i}"] = x.detach().clone().contiguous()
    for i, x in enumerate(out):
        tensors[f"{name}/out{i}"] = x.detach().clone().contiguous()
    wanted = [x for x in leaves if x.requires_grad]
    results = [x for x in out if x.requires_grad]
    if wanted and results:
        gradients = torch.autograd.grad(
            results, wanted, [weights(x) for x in results], allow_unused=True, materialize_grads=True)
        for i, x in enumerate(leaves):
            if x.requires_grad:
                tensors[f"{name}/grad{i}"] = gradients[[w is x for w in wanted].index(True)].contiguous().clone()
