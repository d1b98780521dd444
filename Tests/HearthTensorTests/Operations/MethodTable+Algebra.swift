import HearthTensor

extension OperationTable {
    mutating func addProducts() {
        ternary("addmv") { $0.addmv($1, $2) }
        ternary("addmv 0.5 2") { $0.addmv($1, $2, beta: 0.5, alpha: 2) }
        ternary("addr 0.5 2") { $0.addr($1, $2, beta: 0.5, alpha: 2) }
        ternary("baddbmm 0.5 2") { $0.baddbmm($1, $2, beta: 0.5, alpha: 2) }
        ternary("addbmm 0.5 2") { $0.addbmm($1, $2, beta: 0.5, alpha: 2) }
        binary("inner") { $0.inner($1) }
        binary("vecdot") { $0.vecdot($1) }
        binary("tensordot 2") { $0.tensordot($1) }
        binary("tensordot 1,0 0,2") { $0.tensordot($1, dims: ([1, 0], [0, 2])) }
        binary("kron") { $0.kron($1) }
        binary("cross") { $0.cross($1) }
        binary("cross 0") { $0.cross($1, dim: 0) }
        one("multi_dot") { Tensor.multiDot($0) }
        one("bilinear") { Tensor.bilinear($0[0], $0[1], $0[2], bias: $0.count > 3 ? $0[3] : nil) }
        ternary("conv_tbc") { $0.convTBC($1, bias: $2, padding: 1) }
        binary("grouped_mm 2,2,5") { $0.groupedMM($1, ends: [2, 2, 5]) }
    }

    /// Routines that read one triangle are given a symmetric matrix, so that every element counts.
    private static func symmetric(_ x: Tensor) -> Tensor { (x + x.mT) / 2 }

    mutating func addSystems() {
        unary("cholesky") { Self.symmetric($0).cholesky() }
        unary("cholesky upper") { Self.symmetric($0).cholesky(upper: true) }
        binary("cholesky_solve") { $0.choleskySolve($1) }
        binary("cholesky_solve upper") { $0.choleskySolve($1, upper: true) }
        unary("cholesky_inverse") { $0.choleskyInverse() }
        binary("solve") { $0.solve($1) }
        for upper in [false, true] {
            for left in [false, true] {
                for unit in [false, true] {
                    let words = (upper ? " upper" : "") + (left ? "" : " right") + (unit ? " unit" : "")
                    binary("solve_triangular" + words) {
                        $0.solveTriangular($1, upper: upper, left: left, unitriangular: unit)
                    }
                }
            }
        }
        unary("inverse") { $0.inverse() }
        unary("det") { $0.det() }
        pair("slogdet") { $0.slogdet() }
        unary("logdet") { $0.logdet() }
        binary("lstsq") { $0.lstsq($1) }
        one("lu_solve") { x in
            let (lu, pivots) = x[1].luFactor()
            return x[0].luSolve(lu, pivots: pivots)
        }
    }

    mutating func addDecompositions() {
        pair("lu_factor") { $0.luFactor() }
        list("lu") {
            let (p, l, u) = $0.lu()
            return [p, l, u]
        }
        pair("qr") { $0.qr() }
        unary("svdvals") { $0.svdvals() }
        list("svd") {
            let (u, s, v) = $0.svd()
            return [u.abs(), s.abs(), v.abs()]
        }
        unary("svd product") {
            let (u, s, v) = $0.svd()
            return (u * s.exp().unsqueeze(-2)).matmul(v.mT)
        }
        list("eigh") {
            let (values, vectors) = Self.symmetric($0).eigh()
            return [values, vectors.abs()]
        }
        unary("eigh product") {
            let (values, vectors) = Self.symmetric($0).eigh()
            return (vectors * values.exp().unsqueeze(-2)).matmul(vectors.mT)
        }
        unary("eigvalsh") { Self.symmetric($0).eigvalsh() }
    }

    mutating func addMatrixFunctions() {
        unary("pinverse") { $0.pinverse() }
        unary("matrix_rank") { $0.matrixRank() }
        let norms: [MatrixNorm] = [.frobenius, .nuclear, .spectral, .one, .infinity]
        for norm in norms { unary("matrix_norm \(norm)") { $0.matrixNorm(norm) } }
        unary("cond spectral") { $0.cond() }
        unary("cond one") { $0.cond(.one) }
        for exponent in [0, 1, 2, 5, -1, -2] { unary("matrix_power \(exponent)") { $0.matrixPower(exponent) } }
        unary("matrix_exp") { $0.matrixExp() }
        unary("tensorinv 2") { $0.tensorInverse() }
        unary("tensorinv 1") { $0.tensorInverse(split: 1) }
        binary("tensorsolve") { $0.tensorSolve($1) }
    }

    mutating func addSampling() {
        for mode in GridInterpolation.allCases {
            for padding in GridPadding.allCases {
                for corners in [false, true] {
                    binary("grid_sample \(mode) \(padding)" + (corners ? " corners" : "")) {
                        $0.gridSample($1, mode: mode, padding: padding, alignCorners: corners)
                    }
                }
            }
        }
        for corners in [false, true] {
            let word = corners ? " corners" : ""
            unary("affine_grid 2,1,3,4" + word) {
                Tensor.affineGrid($0, size: [2, 1, 3, 4], alignCorners: corners)
            }
            unary("affine_grid 1,1,2,3,1" + word) {
                Tensor.affineGrid($0, size: [1, 1, 2, 3, 1], alignCorners: corners)
            }
        }
        many("fractional_max_pool2d 2 3,4") { x in
            let (values, indices) = x[0].fractionalMaxPool(rank: 2, 2, outputSize: [3, 4], samples: x[1])
            return [values, indices]
        }
        many("fractional_max_pool2d 3,2 4,2") { x in
            let (values, indices) = x[0].fractionalMaxPool(rank: 2, [3, 2], outputSize: [4, 2], samples: x[1])
            return [values, indices]
        }
        many("fractional_max_pool3d 2 2,3,2") { x in
            let (values, indices) = x[0].fractionalMaxPool(rank: 3, 2, outputSize: [2, 3, 2], samples: x[1])
            return [values, indices]
        }
    }
}
