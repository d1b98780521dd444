import HearthTensor

extension OperationTable {
    mutating func addEmpties() {
        for p in [0, 1, 2, 3, Double.infinity] {
            let word = p.isFinite ? "\(Int(p))" : "inf"
            binary("cdist \(word)") { $0.cdist($1, p: p) }
            unary("pdist \(word)") { $0.pdist(p: p) }
        }
        unary("cond") { $0.cond() }
        pair("qr reduced") { $0.qr() }
        unary("det plain") { $0.det() }
        unary("inverse plain") { $0.inverse() }
        unary("cholesky plain") { $0.cholesky() }
        unary("matrix_exp plain") { $0.matrixExp() }
        unary("eigvalsh plain") { $0.eigvalsh() }
        many("lstsq all") { x in
            let (solution, residuals, rank, singular) = x[0].lstsqWithResiduals(x[1])
            return singular.count == 0 ? [solution, residuals, rank] : [solution, residuals, rank, singular]
        }
    }

    mutating func addNormsOfMatrices() {
        for norm in [MatrixNorm.smallestSingularValue, .negativeOne, .negativeInfinity] {
            unary("matrix_norm \(norm)") { $0.matrixNorm(norm) }
        }
        for norm in MatrixNorm.allCases {
            unary("matrix_norm \(norm) 2,0") { $0.matrixNorm(norm, dims: (2, 0)) }
            unary("matrix_norm \(norm) 0,1 keep") { $0.matrixNorm(norm, dims: (0, 1), keepDim: true) }
            if norm != .spectral && norm != .one { unary("cond \(norm)") { $0.cond(norm) } }
        }
        unary("eigvalsh sum") { $0.eigvalsh().sum(dim: -1) }
        unary("eigvalsh squares") { $0.eigvalsh().square().sum(dim: -1) }
        unary("svdvals squares") { $0.svdvals().square().sum(dim: -1) }
    }

    mutating func addForms() {
        pair("qr complete") { $0.qr(mode: .complete) }
        unary("qr r") { $0.qr(mode: .r).r }
        list("svd full") { x in
            let (u, s, v) = x.svd(fullMatrices: true)
            let k = s.shape[-1]
            func first(_ a: Tensor) -> Tensor { a.narrow(-1, start: 0, length: k).abs() }
            func rest(_ a: Tensor) -> Tensor {
                let columns = a.narrow(-1, start: k, length: a.shape[-1] - k)
                return columns.matmul(columns.mT)
            }
            return [first(u), rest(u), s, first(v), rest(v)]
        }
        pair("eigh upper") {
            let (values, vectors) = $0.eigh(upper: true)
            return (values, vectors.abs())
        }
        unary("eigvalsh upper") { $0.eigvalsh(upper: true) }
        pair("cholesky_ex") {
            let (factor, info) = $0.choleskyEx()
            return (Self.cleared(factor, info), info)
        }
        pair("inverse_ex") {
            let (inverse, info) = $0.inverseEx()
            return (Self.cleared(inverse, info), info)
        }
        many("solve_ex") { x in
            let (result, info) = x[0].solveEx(x[1])
            return [Self.cleared(result, info), info]
        }
        list("lu_factor_ex") {
            let (lu, pivots, info) = $0.luFactorEx()
            return [lu, pivots, info]
        }
    }

    /// What stands in a factor that does not exist is compared with nothing.
    private static func cleared(_ x: Tensor, _ info: Tensor) -> Tensor {
        x.maskedFill((info != 0).unsqueeze(-1).unsqueeze(-1), with: 0)
    }
}
