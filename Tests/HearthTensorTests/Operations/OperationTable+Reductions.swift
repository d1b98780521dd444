import HearthTensor

extension OperationTable {
    /// The dims and whether they are kept, by the option in the operation's name.
    private static let options: [(name: String, dims: [Int], keep: Bool)] = [
        ("dim=1", [1], false), ("dim=-1 keep", [-1], true), ("dim=0", [0], false),
        ("dims=0,2", [0, 2], false), ("dims=1,2 keep", [1, 2], true),
    ]

    mutating func addReductions() {
        unary("sum") { $0.sum() }
        unary("mean") { $0.mean() }
        unary("prod") { $0.prod() }
        unary("any") { $0.any() }
        unary("all") { $0.all() }
        unary("argmax") { $0.argmax() }
        unary("argmin") { $0.argmin() }
        unary("max") { $0.max() }
        unary("min") { $0.min() }
        unary("count_nonzero") { $0.countNonzero() }
        unary("sum big") { $0.sum() }
        for (name, dims, keep) in Self.options {
            unary("sum \(name)") { $0.sum(dims: dims, keepDim: keep) }
            unary("mean \(name)") { $0.mean(dims: dims, keepDim: keep) }
            unary("amax \(name)") { $0.amax(dims: dims, keepDim: keep) }
            unary("amin \(name)") { $0.amin(dims: dims, keepDim: keep) }
            unary("logsumexp \(name)") { $0.logSumExp(dims: dims, keepDim: keep) }
            guard dims.count == 1 else { continue }
            unary("prod \(name)") { $0.prod(dim: dims[0], keepDim: keep) }
            unary("any \(name)") { $0.any(dim: dims[0], keepDim: keep) }
            unary("all \(name)") { $0.all(dim: dims[0], keepDim: keep) }
            unary("argmax \(name)") { $0.argmax(dim: dims[0], keepDim: keep) }
            unary("argmin \(name)") { $0.argmin(dim: dims[0], keepDim: keep) }
        }
        for dim in [0, 1] {
            pair("max dim=\(dim)") { $0.max(dim: dim) }
            pair("min dim=\(dim)") { $0.min(dim: dim) }
        }
        pair("max dim=1 keep") { $0.max(dim: 1, keepDim: true) }
        pair("min dim=1 keep") { $0.min(dim: 1, keepDim: true) }
        for dim in [0, 1, -1] {
            unary("cumsum dim=\(dim)") { $0.cumsum(dim: dim) }
            unary("cumprod dim=\(dim)") { $0.cumprod(dim: dim) }
        }
    }

    mutating func addNorms() {
        let orders: [(name: String, p: Double)] = [
            ("norm", 2), ("norm p=0", 0), ("norm p=1", 1), ("norm p=3", 3), ("norm p=0.5", 0.5),
            ("norm p=inf", .infinity), ("norm p=-inf", -.infinity),
        ]
        for (name, p) in orders {
            unary(name) { $0.norm(p: p) }
            for option in Self.options {
                unary("\(name) \(option.name)") { $0.norm(p: p, dims: option.dims, keepDim: option.keep) }
            }
        }
        unary("var") { $0.variance() }
        unary("std") { $0.std() }
        unary("var correction=0") { $0.variance(correction: 0) }
        unary("std correction=2") { $0.std(correction: 2) }
        for (name, dims, keep) in Self.options {
            unary("var \(name)") { $0.variance(dims: dims, keepDim: keep) }
            unary("std \(name)") { $0.std(dims: dims, keepDim: keep) }
            unary("var correction=0 \(name)") { $0.variance(dims: dims, correction: 0, keepDim: keep) }
            unary("std correction=2 \(name)") { $0.std(dims: dims, correction: 2, keepDim: keep) }
        }
    }

    mutating func addContractions() {
        binary("matmul") { $0.matmul($1) }
        binary("mm") { $0.mm($1) }
        binary("bmm") { $0.bmm($1) }
        binary("mv") { $0.mv($1) }
        binary("dot") { $0.dot($1) }
        binary("outer") { $0.outer($1) }
        binary("linear") { $0.linear($1) }
        ternary("linear bias") { $0.linear($1, bias: $2) }
        ternary("addmm") { $0.addmm($1, $2) }
        ternary("addmm 0.5 2") { $0.addmm($1, $2, beta: 0.5, alpha: 2) }
        let equations = [
            " i j , j k -> i k ", ",i->i", "...,...", "...a,...a->...a", "...i->...", "...ij,...jk->...ik", "Ab,bA->A",
            "abc,cd->abd", "bA,aB", "bhqd,bhkd->bhqk", "bii->b", "bij,bjk->bik", "bn,anm,bm->ba", "i,i", "i,i->",
            "i,j->ij", "i...->...", "i...j,j->...i", "ii", "ii->i", "iij,jk->ik", "ij,ij->i", "ij,ij->ij", "ij,jk",
            "ij,jk->ik", "ij,kj->ik", "ij->", "ij->j", "ij->ji", "ijj->i", "ik,kj,jl->il", "ji",
        ]
        for equation in equations {
            one("einsum \(equation)") { x in
                switch x.count {
                case 1: Tensor.einsum(equation, x[0])
                case 2: Tensor.einsum(equation, x[0], x[1])
                default: Tensor.einsum(equation, x[0], x[1], x[2])
                }
            }
        }
    }
}
