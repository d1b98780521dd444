import HearthTensor

extension OperationTable {
    mutating func addViews() {
        unary("reshape 4,3") { $0.reshape(4, 3) }
        unary("reshape 2,-1") { $0.reshape(2, -1) }
        unary("reshape") { $0.reshape([]) }
        unary("reshape 1,1") { $0.reshape(1, 1) }
        unary("reshape 0,5") { $0.reshape(0, 5) }
        unary("view 4,3") { $0.view(4, 3) }
        unary("reshape transposed") { $0.transpose(0, 1).reshape(2, -1) }
        unary("reshape part") { $0[.all, 1..<3].reshape(-1) }
        unary("flatten") { $0.flatten() }
        unary("flatten 1") { $0.flatten(from: 1) }
        unary("flatten 0,1") { $0.flatten(from: 0, to: 1) }
        unary("unflatten -1 2,2") { $0.unflatten(dim: -1, [2, 2]) }
        unary("unflatten 0 -1,3") { $0.unflatten(dim: 0, [-1, 3]) }
        unary("squeeze") { $0.squeeze() }
        unary("squeeze 0") { $0.squeeze(0) }
        unary("squeeze -1") { $0.squeeze(-1) }
        for dim in [0, 1, -1] { unary("unsqueeze \(dim)") { $0.unsqueeze(dim) } }
        unary("expand 2,3,4") { $0.expand(2, 3, 4) }
        unary("expand 2,-1") { $0.expand(2, -1) }
        unary("expand 0,3") { $0.expand(0, 3) }
        unary("permute 2,0,1") { $0.permute(2, 0, 1) }
        unary("permute -1,0,1") { $0.permute(-1, 0, 1) }
        unary("transpose 0,1") { $0.transpose(0, 1) }
        unary("transpose -1,0") { $0.transpose(-1, 0) }
        unary("t") { $0.t() }
        unary("mT") { $0.mT }
        unary("movedim 0,-1") { $0.moveDim(0, to: -1) }
        unary("movedim 2,0") { $0.moveDim(2, to: 0) }
        unary("narrow 1,1,2") { $0.narrow(1, start: 1, length: 2) }
        unary("narrow -1,-2,2") { $0.narrow(-1, start: -2, length: 2) }
        unary("narrow 0,3,0") { $0.narrow(0, start: 3, length: 0) }
        unary("select 1,-1") { $0.select(1, -1) }
        unary("select 0,1") { $0.select(0, 1) }
        list("split 2") { $0.split(2) }
        list("split 2 dim=1") { $0.split(2, dim: 1) }
        list("split 1,3") { $0.split([1, 3], dim: -1) }
        list("chunk 3") { $0.chunk(3) }
        list("chunk 2 dim=1") { $0.chunk(2, dim: 1) }
        list("unbind") { $0.unbind() }
        list("unbind dim=1") { $0.unbind(dim: 1) }
        for offset in [0, 1, -1, -3, 2] { unary("diagonal \(offset)") { $0.diagonal(offset: offset) } }
        unary("diagonal dims=1,2") { $0.diagonal(dim1: 1, dim2: 2) }
        unary("diagonal 1 dims=-1,0") { $0.diagonal(offset: 1, dim1: -1, dim2: 0) }
        unary("unfold 0,3,1") { $0.unfold(dim: 0, size: 3, step: 1) }
        unary("unfold 1,2,2") { $0.unfold(dim: 1, size: 2, step: 2) }
        unary("unfold -1,2,3") { $0.unfold(dim: -1, size: 2, step: 3) }
    }

    mutating func addSubscripts() {
        unary("index 0") { $0[0] }
        unary("index -1") { $0[-1] }
        unary("index 1,2") { $0[1, 2] }
        unary("index 1..<3") { $0[1..<3] }
        unary("index ...,-1") { $0[..., -1] }
        unary("index 0,...,1") { $0[0, ..., 1] }
        unary("index all,::2") { $0[.all, .range(step: 2)] }
        unary("index 1:100:2") { $0[.range(1, 100, step: 2)] }
        unary("index -3:-1") { $0[.range(-3, -1)] }
        unary("index 3:1") { $0[.range(3, 1)] }
        unary("index newaxis") { $0[.newAxis] }
        unary("index all,newaxis,1") { $0[.all, .newAxis, 1] }
        unary("index ...,newaxis") { $0[..., .newAxis] }
        unary("index ..<2,2...") { $0[..<2, 2...] }
        unary("index stride") { $0[stride(from: 1, to: 4, by: 2)] }
        unary("index ...1") { $0[...1] }
        unary("index ...") { $0[.ellipsis] }
        binary("index i") { $0[$1] }
        binary("index all,i") { $0[.all, $1] }
        binary("index i,1") { $0[$1, 1] }
        binary("index 1,i") { $0[1, $1] }
        binary("index i,1..<3") { $0[$1, 1..<3] }
        binary("index ...,i") { $0[..., $1] }
        binary("index newaxis,i") { $0[.newAxis, $1] }
        binary("index i,newaxis") { $0[$1, .newAxis] }
        binary("index 0,all,i") { $0[0, .all, $1] }
        binary("index i,all,1") { $0[$1, .all, 1] }
        binary("index all,1,i") { $0[.all, 1, $1] }
        ternary("index i,j") { $0[$1, $2] }
        ternary("index i,all,j") { $0[$1, .all, $2] }
        ternary("index all,i,j") { $0[.all, $1, $2] }
        ternary("index i,...,j") { $0[$1, ..., $2] }
        ternary("index all,i,newaxis,j") { $0[.all, $1, .newAxis, $2] }
        binary("index m") { $0[$1] }
        binary("index all,m") { $0[.all, $1] }
        binary("index m,1") { $0[$1, 1] }
        ternary("index m,i") { $0[$1, $2] }
        set("0") { x, v, _ in x[0] = v }
        set("1,2") { x, v, _ in x[1, 2] = v }
        set("1..<3") { x, v, _ in x[1..<3] = v }
        set("...,-1") { x, v, _ in x[..., -1] = v }
        set("all,::2") { x, v, _ in x[.all, .range(step: 2)] = v }
        set("newaxis") { x, v, _ in x[.newAxis] = v }
        set("...") { x, v, _ in x[.ellipsis] = v }
        set("i") { x, v, i in x[i[0]] = v }
        set("all,i") { x, v, i in x[.all, i[0]] = v }
        set("i,j") { x, v, i in x[i[0], i[1]] = v }
        set("i,all,j") { x, v, i in x[i[0], .all, i[1]] = v }
        set("m") { x, v, i in x[i[0]] = v }
        set("all,m") { x, v, i in x[.all, i[0]] = v }
    }

    private mutating func set(_ name: String, _ assign: @escaping @Sendable (inout Tensor, Tensor, [Tensor]) -> Void) {
        one("set \(name)") { inputs in
            var x = inputs[0]
            assign(&x, inputs[1], Array(inputs.dropFirst(2)))
            return x
        }
    }
}
