import HearthTensor

extension OperationTable {
    mutating func addPlaces() {
        ternary("put") { $0.put($1, $2) }
        ternary("put accumulate") { $0.put($1, $2, accumulate: true) }
        ternary("index_put 1") { $0.indexPut([$1], $2) }
        one("index_put 2 accumulate") { $0[0].indexPut([$0[1], $0[2]], $0[3], accumulate: true) }
        one("index_put 3") { $0[0].indexPut([$0[1], $0[2], $0[3]], $0[4]) }
        binary("take_along_dim 1") { $0.takeAlong($1, dim: 1) }
        binary("take_along_dim 0") { $0.takeAlong($1, dim: 0) }
        binary("take_along_dim") { $0.takeAlong($1) }
        ternary("masked_scatter") { $0.maskedScatter($1, $2) }
        for (name, reduction) in [("prod", ScatterReduction.product), ("amax", .max), ("amin", .min)] {
            ternary("index_reduce 0 \(name)") { $0.indexReduce(0, $1, $2, reduction) }
            ternary("index_reduce 1 \(name)") { $0.indexReduce(1, $1, $2, reduction) }
        }
        binary("select_scatter 1 -1") { $0.selectScatter($1, dim: 1, index: -1) }
        binary("slice_scatter 1 1 -1") { $0.sliceScatter($1, dim: 1, start: 1, end: -1) }
        binary("slice_scatter 0 step=2") { $0.sliceScatter($1, dim: 0, step: 2) }
        binary("diagonal_scatter") { $0.diagonalScatter($1) }
        binary("diagonal_scatter -1 1 2") { $0.diagonalScatter($1, offset: -1, dim1: 1, dim2: 2) }
        binary("embedding") { $0.embedding($1) }
        binary("embedding padding=2") { $0.embedding($1, paddingIndex: 2) }
    }

    mutating func addArrangements() {
        unary("diag_embed") { $0.diagEmbed() }
        unary("diag_embed 1 0 2") { $0.diagEmbed(offset: 1, dim1: 0, dim2: 2) }
        unary("diag_embed -1 2 0") { $0.diagEmbed(offset: -1, dim1: 2, dim2: 0) }
        unary("diagflat") { $0.diagFlat() }
        unary("diagflat -1") { $0.diagFlat(offset: -1) }
        for times in [-1, 0, 1, 2, 3, 5] { unary("rot90 \(times)") { $0.rot90(times) } }
        unary("rot90 1 2,0") { $0.rot90(dims: (2, 0)) }
        unary("roll 1,-2 0,1") { $0.roll([1, -2], dims: [0, 1]) }
        unary("msort") { $0.msort() }
        binary("repeat_interleave counts 0") { $0.repeatInterleave($1, dim: 0) }
        binary("repeat_interleave counts") { $0.repeatInterleave($1) }
        list("unique_consecutive") {
            let (values, inverse, counts) = $0.uniqueConsecutive()
            return [values, inverse, counts]
        }
        for (rows, columns, offset) in [(3, 3, 0), (2, 4, 1), (4, 2, -1), (3, 3, -5)] {
            one("tril_indices \(rows),\(columns),\(offset)") { _ in
                Tensor.trilIndices(rows, columns, offset: offset)
            }
            one("triu_indices \(rows),\(columns),\(offset)") { _ in
                Tensor.triuIndices(rows, columns, offset: offset)
            }
        }
        one("cartesian_prod") {
            $0.count == 1 ? Tensor.cartesianProduct($0[0]) : Tensor.cartesianProduct($0[0], $0[1])
        }
        for r in 1...3 {
            unary("combinations \(r)") { $0.combinations(r) }
            unary("combinations \(r) again") { $0.combinations(r, replacement: true) }
        }
        unary("vander") { $0.vander() }
        unary("vander 2 increasing") { $0.vander(columns: 2, increasing: true) }
        one("block_diag") { Tensor.blockDiag($0[0], $0[1], $0[2], $0[3]) }
    }

    mutating func addParts() {
        list("tensor_split 3 1") { $0.tensorSplit(3, dim: 1) }
        list("tensor_split 1,3 0") { $0.tensorSplit([1, 3]) }
        list("tensor_split 2,1,9,-1") { $0.tensorSplit([2, 1, 9, -1]) }
        list("hsplit 2") { $0.hsplit(2) }
        list("vsplit 1") { $0.vsplit([1]) }
        list("vsplit") { $0.vsplit(3) }
        list("dsplit 2") { $0.dsplit(2) }
        one("hstack") { Tensor.hstack($0) }
        one("vstack") { Tensor.vstack($0) }
        one("dstack") { Tensor.dstack($0) }
        one("column_stack") { Tensor.columnStack($0) }
        unary("atleast_1d") { $0.atLeast1d() }
        unary("atleast_2d") { $0.atLeast2d() }
        unary("atleast_3d") { $0.atLeast3d() }
    }
}
