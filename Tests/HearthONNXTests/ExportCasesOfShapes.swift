import HearthGraph
import HearthNN
import HearthTensor

/// Views, indices, joins, reductions and orders.
let exportCasesOfShapes: [ExportCase] = [
    ExportCase("reshapes", [.normal("n", 4, "m")], sizes: ["m": (6, 10)]) { x in
        let x = x[0]
        let (n, m) = (x.shape[0], x.shape[2])
        return [
            x.reshape(-1), x.reshape(n, -1), x.reshape(n * 4, m), x.unsqueeze(1), x.unsqueeze(-1),
            x.reshape(n, 2, 2, m),
            x.reshape(m, 4, n), x.permute(2, 0, 1), x.transpose(0, 2).reshape(m, -1), x.reshape(1, n, 1, 4, m),
            x.reshape(2, 2, n, m).sum(dim: 0), x.flatten(from: 1), x.mT,
        ]
    },
    ExportCase("expansions", [.normal("n", 1, "m")], sizes: ["m": (6, 10)]) { x in
        let x = x[0]
        let n = x.shape[0]
        return [
            x.expand(-1, 5, -1), x.expand(3, -1, 5, -1), x.expand(n, n, -1), x.repeat(2, 3, 1), x.tile(2),
            x + Tensor.zeros([n, 1, 1]), Tensor.ones([n, 2]), Tensor.arange(n), Tensor.full([2, 2], 7),
            Tensor.arange(n, dtype: .float32) * 0.5, x.repeatInterleave(2, dim: 0), Tensor.eye(n),
        ]
    },
    ExportCase("slices", [.normal("n", 6, "m")], sizes: ["m": (7, 10)]) { x in
        let x = x[0]
        let m = x.shape[2]
        return [
            x[0], x[-1], x[0..., 1..<3], x.narrow(2, start: 1, length: m - 2), x.narrow(2, start: m - 3, length: 3),
            x.select(1, 2), x.select(2, m - 1), x.flip(1), x.flip(0, 2), x.roll(1, dim: 1), x.chunk(3, dim: 1)[2],
            x.diagonal(dim1: 1, dim2: 2), x.diagonal(offset: 1, dim1: 1, dim2: 2),
            x.diagonal(offset: -1, dim1: 2, dim2: 1),
            x.unfold(dim: 1, size: 3, step: 2), x.unfold(dim: 2, size: 2, step: 1), x.roll(2, dim: 2),
            x[IndexItem.range(nil, nil, step: 2)], x[0..., IndexItem.range(1, -1)],
        ]
    },
    ExportCase("assignments", [.normal("n", 5, 4)]) { x in
        var (a, b) = (x[0], x[0])
        a[0] = Tensor.ones([5, 4])
        b[0..., 1] = Tensor.zeros([x[0].shape[0], 4])
        return [
            a, b, x[0].sliceScatter(Tensor.ones([x[0].shape[0], 2, 4]), dim: 1, start: 1, end: 3),
        ]
    },
    ExportCase("indices", [.normal("n", 6, 4), .ints(0, 6, "n", 3, 4), .ints(0, 6, "k")]) { x in
        let (x, places, numbers) = (x[0], x[1], x[2])
        let ones = Tensor.ones([x.shape[0], 3, 4])
        return [
            x.gather(1, places), x.indexSelect(1, numbers), x.scatter(1, places * 0 + 1, ones),
            x.scatterAdd(1, places, ones), x.scatterReduce(1, places, ones * 2, .max),
            x.indexAdd(1, numbers, Tensor.ones([x.shape[0], numbers.shape[0], 4])), x[0..., numbers],
            x[0].embedding(numbers), x.takeAlong(places, dim: 1), x.reshape(-1).take(numbers - 6),
            x.indexFill(1, numbers, 3.0), x[0].indexPut([numbers * 0], x[0, 0] * 2),
        ]
    },
    ExportCase("joins", [.normal("n", 3, "m"), .normal("n", 2, "m")], sizes: ["m": (4, 5)]) { x in
        let (x, y) = (x[0], x[1])
        return [
            Tensor.cat([x, y], dim: 1), Tensor.cat([x, x], dim: 2), Tensor.stack([x, x * 2], dim: 1),
            x.pad([1, 2]), x.pad([1, 0, 2, 1], value: 3), x.pad([1, 1], mode: .reflect),
            x.pad([1, 1], mode: .replicate),
            x.pad([1, 1], mode: .circular), x.to(.int64).pad([0, 1]), (x > 0).pad([1, 1]), x.tril(),
            x.triu(diagonal: 1),
            (x > 0).tril(diagonal: -1),
        ]
    },
    ExportCase("reductions", [.normal("n", 4, "m")], sizes: ["m": (5, 7)]) { x in
        let x = x[0]
        return [
            x.sum(), x.sum(dim: 1), x.sum(dims: [0, 2], keepDim: true), x.mean(), x.mean(dim: 2), x.mean(dims: [0, 1]),
            x.prod(dim: 1), x.amax(dims: [1, 2]), x.amin(dims: [0]), x.max(), x.max(dim: 1).values,
            x.min(dim: 2).indices,
            x.argmax(dim: 1), x.argmin(), x.any(dim: 2), x.all(), x.variance(dim: 1), x.std(),
            x.variance(dim: 2, correction: 0),
            x.norm(), x.norm(p: 1, dim: 1), x.logSumExp(dim: 2), x.cumsum(dim: 1), x.cumprod(dim: 1),
            x.normalize(dim: 2),
            (x * 10).to(.int64).sum(dim: 1), (x * 10).to(.int32).prod(dim: 1), (x * 10).to(.int64).cumsum(dim: 2),
            x.cummax(dim: 2).values, x.cummin(dim: 1).indices, x.cosineSimilarity(x * 2 + 1, dim: 1),
            x.countNonzero(dim: 1),
        ]
    },
    ExportCase("orders", [.normal("n", 7), .normal(5)]) { x in
        let sorted = x[1].sort().values
        return [
            x[0].argsort(dim: 1), x[0].sort(dim: 1, descending: true).values, x[0].topK(3).values, x[0].topK(2).indices,
            sorted.searchSorted(x[0]), x[0].bucketize(sorted, right: true), x[0].median(dim: 1).value,
            (x[0] * 2).to(.int64).argsort(dim: 0), x[0].sort(dim: 1).values.searchSorted(x[0]),
            x[0].logCumsumExp(dim: 1), (x[0] > 0).to(.int64).argsort(dim: 1, descending: true), x[0].kthValue(2).value,
        ]
    },
    ExportCase("products", [.normal("n", 4, "m"), .normal("m", 5)], sizes: ["m": (3, 6)]) { x in
        let (x, y) = (x[0], x[1])
        return [
            x.matmul(y), x.mT.matmul(x), x[0].matmul(y), Tensor.einsum("bij,jk->bik", x, y), x.matmul(y[0..., 0]),
            y.t().linear(Tensor.ones([4, x.shape[2]])), x.linear(y.t()), y[0..., 0].outer(y[0..., 1]), x.bmm(x.mT),
        ]
    },
]
