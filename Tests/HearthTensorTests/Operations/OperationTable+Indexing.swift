import HearthTensor

extension OperationTable {
    mutating func addIndexing() {
        let reductions: [(String, ScatterReduction)] = [
            ("sum", .sum), ("prod", .product), ("amax", .max), ("amin", .min),
        ]
        for dim in [0, 1, -1] {
            binary("gather \(dim)") { $0.gather(dim, $1) }
            ternary("scatter_add \(dim)") { $0.scatterAdd(dim, $2, $1) }
            for (name, reduction) in reductions {
                ternary("scatter_reduce \(dim) \(name)") { $0.scatterReduce(dim, $2, $1, reduction) }
            }
        }
        for dim in [0, 1] {
            ternary("scatter \(dim)") { $0.scatter(dim, $2, $1) }
            binary("scatter \(dim) 1.5") { $0.scatter(dim, $1, 1.5) }
            binary("index_select \(dim)") { $0.indexSelect(dim, $1) }
            ternary("index_add \(dim)") { $0.indexAdd(dim, $2, $1) }
            ternary("index_add \(dim) alpha=2.5") { $0.indexAdd(dim, $2, $1, alpha: 2.5) }
            ternary("index_copy \(dim)") { $0.indexCopy(dim, $2, $1) }
            binary("index_fill \(dim) 1.5") { $0.indexFill(dim, $1, 1.5) }
        }
        binary("take") { $0.take($1) }
        binary("masked_select") { $0.maskedSelect($1) }
        unary("nonzero") { $0.nonzero() }
        one("cat 0") { Tensor.cat($0) }
        one("cat -1") { Tensor.cat($0, dim: -1) }
        one("stack 0") { Tensor.stack($0) }
        one("stack -1") { Tensor.stack($0, dim: -1) }
        unary("repeat 2,1,3") { $0.repeat(2, 1, 3) }
        unary("repeat 0,2") { $0.repeat(0, 2) }
        unary("tile 2,3") { $0.tile(2, 3) }
        unary("repeat_interleave 2 dim=0") { $0.repeatInterleave(2, dim: 0) }
        unary("repeat_interleave 3 dim=-1") { $0.repeatInterleave(3, dim: -1) }
        unary("flip 0") { $0.flip(0) }
        unary("flip 0,-1") { $0.flip(0, -1) }
        unary("roll 2") { $0.roll(2) }
        unary("roll -1 dim=1") { $0.roll(-1, dim: 1) }
        unary("roll 7 dim=0") { $0.roll(7, dim: 0) }
    }

    mutating func addOrders() {
        for dim in [0, 1, -1] {
            pair("sort dim=\(dim)") { $0.sort(dim: dim) }
            pair("sort dim=\(dim) descending") { $0.sort(dim: dim, descending: true) }
            unary("argsort dim=\(dim)") { $0.argsort(dim: dim) }
            unary("argsort dim=\(dim) descending") { $0.argsort(dim: dim, descending: true) }
        }
        pair("topk 2") { $0.topK(2) }
        pair("topk 3 dim=0 smallest") { $0.topK(3, dim: 0, largest: false) }
        pair("topk 0") { $0.topK(0) }
        pair("kthvalue 2") { $0.kthValue(2) }
        pair("kthvalue 3 dim=0") { $0.kthValue(3, dim: 0) }
        unary("median") { $0.median() }
        pair("median dim=1") { $0.median(dim: 1) }
        list("unique") {
            let (values, inverse, counts) = $0.unique()
            return [values, inverse, counts]
        }
        unary("bincount") { $0.bincount() }
        unary("bincount min=7") { $0.bincount(minLength: 7) }
        binary("bincount weights") { $0.bincount(weights: $1) }
        binary("searchsorted") { $0.searchSorted($1) }
        binary("searchsorted right") { $0.searchSorted($1, right: true) }
        for diagonal in [0, 1, -1] {
            unary("tril \(diagonal)") { $0.tril(diagonal: diagonal) }
            unary("triu \(diagonal)") { $0.triu(diagonal: diagonal) }
            unary("diag \(diagonal)") { $0.diag(diagonal) }
        }
        unary("trace") { $0.trace() }
        for (name, indexing) in [("ij", MeshIndexing.ij), ("xy", .xy)] {
            many("meshgrid \(name)") { x in
                switch x.count {
                case 1: Tensor.meshgrid(x[0], indexing: indexing)
                case 2: Tensor.meshgrid(x[0], x[1], indexing: indexing)
                default: Tensor.meshgrid(x[0], x[1], x[2], indexing: indexing)
                }
            }
        }
        unary("one_hot") { Tensor.oneHot($0) }
        unary("one_hot 6") { Tensor.oneHot($0, classes: 6) }
    }

    mutating func addCreation() {
        for (rows, columns) in [(3, 3), (2, 4), (4, 2), (0, 2)] {
            one("eye \(rows),\(columns)") { _ in Tensor.eye(rows, columns) }
        }
        one("arange 5") { _ in Tensor.arange(5) }
        one("arange 2,7") { _ in Tensor.arange(2, 7) }
        one("arange 3,3") { _ in Tensor.arange(3, 3) }
        one("arange 0,10,3") { _ in Tensor.arange(0, 10, step: 3) }
        one("arange 10,0,-3") { _ in Tensor.arange(10, 0, step: -3) }
        for (start, end, step) in [(0.0, 1.0, 0.1), (1.0, 0.0, -0.25), (0.5, 3.0, 1.0), (0.0, 0.0, 1.0)] {
            one("arange \(start),\(end),\(step)") { _ in Tensor.arange(start, end, step: step) }
            one("arange f64 \(start),\(end),\(step)") { _ in Tensor.arange(start, end, step: step, dtype: .float64) }
        }
        let lines = [(0.0, 1.0, 5), (-3.0, 10.0, 7), (2.0, 2.0, 1), (1.0, 0.0, 4), (0.0, 1.0, 0), (0.0, 1.0, 11)]
        for (start, end, count) in lines {
            one("linspace \(start),\(end),\(count)") { _ in Tensor.linspace(start, end, count: count) }
        }
        one("logspace 0.0,3.0,4") { _ in Tensor.logspace(0, 3, count: 4) }
        one("logspace base=2 -2.0,2.0,5") { _ in Tensor.logspace(-2, 2, count: 5, base: 2) }
        let short = ["b", "u8", "i8", "i16", "i32", "i64", "f16", "bf16", "f32", "f64"]
        for (name, dtype) in zip(short, DType.allCases) {
            one("full 3 \(name)") { _ in Tensor.full([2, 2], 3, dtype: dtype) }
            unary("to \(name)") { $0.to(dtype) }
        }
        unary("zeros_like") { Tensor.zeros(like: $0) }
        unary("ones_like") { Tensor.ones(like: $0) }
        unary("full_like 2.5") { Tensor.full(like: $0, 2.5) }
    }
}
