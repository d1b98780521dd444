import HearthTensor

extension OperationTable {
    /// What the tests run for operations of the golden file of edges that the other tables do not have.
    static let edges = {
        var table = OperationTable()
        table.addNumbersOnTheRight()
        table.addDTypes()
        table.addSeveralDims()
        table.addSpread()
        table.addOrderStatistics()
        table.addScalarTensors()
        table.addMasks()
        table.addSearches()
        table.addEmpties()
        table.addNormsOfMatrices()
        table.addForms()
        table.addWindows()
        table.addWindowFunctions()
        table.addScatterReductions()
        table.addArrays()
        return table
    }()

    /// What is run for an operation of that file, of this table or another.
    static func edge(_ operation: String) -> Body? {
        edges.bodies[operation] ?? methods.bodies[operation] ?? all.bodies[operation]
    }

    private mutating func addNumbersOnTheRight() {
        addOperators("2.5", 2.5)
        addOperators("-3", -3)
        addOperators("0.1", 0.1)
        addOperators("0.001", 0.001)
    }

    private mutating func addOperators(_ text: String, _ value: some ScalarConvertible) {
        unary("floor_divide number=\(text)") { $0.floorDivide(value) }
        unary("remainder number=\(text)") { $0 % value }
        unary("fmod number=\(text)") { $0.fmod(value) }
        unary("div number=\(text)") { $0 / value }
        unary("mul number=\(text)") { $0 * value }
        unary("add number=\(text)") { $0 + value }
    }

    private mutating func addMasks() {
        binary("mask") { $0[$1] }
        binary("masked_select") { $0.maskedSelect($1) }
        binary("mask last") { $0[..., $1] }
        binary("mask 0") { $0[0, $1] }
        ternary("mask i") { $0[$1, $2] }
        ternary("mask assigned") { x, mask, value in
            var x = x
            x[mask] = value
            return x
        }
    }

    private mutating func addSearches() {
        for right in [false, true] {
            let word = right ? " right" : ""
            binary("searchsorted" + word) { $0.searchSorted($1, right: right) }
            ternary("searchsorted sorter" + word) { $0.searchSorted($1, right: right, sorter: $2) }
        }
        unary("searchsorted 2.0") { $0.searchSorted(2.0) }
        for dim in [0, 1, -1] {
            list("unique_dim \(dim)") {
                let (values, inverse, counts) = $0.uniqueDim(dim)
                return [values, inverse, counts]
            }
            list("unique_consecutive \(dim)") {
                let (values, inverse, counts) = $0.uniqueConsecutive(dim: dim)
                return [values, inverse, counts]
            }
        }
    }

    private mutating func addWindows() {
        for (stride, padding, extra, dilation) in [
            (1, 0, 1, 2), (1, 1, 1, 2), (2, 1, 2, 3), (1, 0, 2, 3), (2, 0, 3, 4), (3, 1, 2, 1), (1, 2, 1, 3),
        ] {
            ternary("conv_transpose \(stride) \(padding) \(extra) \(dilation)") {
                $0.convTranspose(
                    $1, bias: $2, stride: stride, padding: padding, outputPadding: extra, dilation: dilation)
            }
        }
    }

    private mutating func addWindowFunctions() {
        typealias Window = @Sendable (Int, Bool, DType) -> Tensor
        let windows: [(String, Window)] = [
            ("hann", { Tensor.hannWindow($0, periodic: $1, dtype: $2) }),
            ("hamming", { Tensor.hammingWindow($0, periodic: $1, dtype: $2) }),
            ("blackman", { Tensor.blackmanWindow($0, periodic: $1, dtype: $2) }),
            ("bartlett", { Tensor.bartlettWindow($0, periodic: $1, dtype: $2) }),
            ("kaiser", { Tensor.kaiserWindow($0, periodic: $1, beta: 7, dtype: $2) }),
        ]
        for (name, window) in windows {
            for length in [0, 1, 2, 5, 8] {
                for isPeriodic in [true, false] {
                    for (word, dtype) in [("f32", DType.float32), ("f64", .float64)] {
                        one("\(name)_window \(length)\(isPeriodic ? "" : " symmetric") \(word)") { _ in
                            window(length, isPeriodic, dtype)
                        }
                    }
                }
            }
        }
    }

    private mutating func addScatterReductions() {
        let names: [(String, ScatterReduction)] = [
            ("sum", .sum), ("prod", .product), ("mean", .mean), ("amax", .max), ("amin", .min),
        ]
        for (name, reduction) in names {
            for includesSelf in [true, false] {
                let word = "scatter_reduce \(name)" + (includesSelf ? "" : " others")
                for dim in [0, 1] {
                    ternary("\(word) \(dim)") { $0.scatterReduce(dim, $1, $2, reduction, includeSelf: includesSelf) }
                }
                ternary("index_reduce \(word)") { $0.indexReduce(0, $1, $2, reduction, includeSelf: includesSelf) }
            }
        }
    }

    private mutating func addArrays() {
        for shape in [[3, 4], [12], [2, 3, 2]] as [Shape] {
            list("unravel_index " + shape.map(String.init).joined(separator: ",")) { $0.unravelIndex(shape) }
        }
        for dims in [[], [0], [1, 0], [-1]] {
            unary("flip array " + dims.map(String.init).joined(separator: ",")) { $0.flip(dims) }
        }
        unary("repeat array 2,1,3") { $0.repeat([2, 1, 3]) }
        unary("tile array 2") { $0.tile([2]) }
        one("einsum array ij,jk,kl->il") { Tensor.einsum("ij,jk,kl->il", $0) }
    }
}
