// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation, AlwaysUseLowerCamelCase

// PyTorch's names and habits that are spelled otherwise here: what a program of PyTorch's user says first. None can be
// called; the compiler answers with the name that can, and offers to put it in.
extension Tensor {
    @available(*, unavailable, renamed: "count")
    public func numel() -> Int { fatalError() }
    @available(*, unavailable, renamed: "rank")
    public func dim() -> Int { fatalError() }
    @available(*, unavailable, renamed: "rank")
    public var ndim: Int { fatalError() }
    @available(*, unavailable, renamed: "t()")
    public var T: Tensor { fatalError() }
    @available(*, unavailable, renamed: "requiresGrad")
    public var requires_grad: Bool { fatalError() }
    @available(*, unavailable, renamed: "requiringGrad()")
    public func requires_grad_() -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "isContiguous")
    public func is_contiguous() -> Bool { fatalError() }

    @available(*, unavailable, message: "write to(.float32)")
    public func float() -> Tensor { fatalError() }
    @available(*, unavailable, message: "write to(.float64)")
    public func double() -> Tensor { fatalError() }
    @available(*, unavailable, message: "write to(.float16)")
    public func half() -> Tensor { fatalError() }
    @available(*, unavailable, message: "write to(.int64)")
    public func long() -> Tensor { fatalError() }
    @available(*, unavailable, message: "write to(.int32)")
    public func int() -> Tensor { fatalError() }
    @available(*, unavailable, message: "write to(.bool)")
    public func bool() -> Tensor { fatalError() }
    @available(*, unavailable, message: "write array(of: Float.self), in the tensor's own type, or floatArray")
    public func tolist() -> [Float] { fatalError() }
    @available(*, unavailable, message: "write array(of: Float.self), in the tensor's own type, or floatArray")
    public func numpy() -> [Float] { fatalError() }

    @available(*, unavailable, renamed: "topK(_:dim:largest:)")
    public func topk(_ k: Int, dim: Int = -1, largest: Bool = true) -> (values: Tensor, indices: Tensor) {
        fatalError()
    }
    @available(*, unavailable, renamed: "kthValue(_:dim:keepDim:)")
    public func kthvalue(_ k: Int, dim: Int = -1, keepDim: Bool = false) -> (value: Tensor, index: Tensor) {
        fatalError()
    }
    @available(*, unavailable, renamed: "logSumExp(dim:keepDim:)")
    public func logsumexp(dim: Int, keepDim: Bool = false) -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "logSoftmax(dim:)")
    public func log_softmax(dim: Int) -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "nanSum(dim:keepDim:)")
    public func nansum(dim: Int, keepDim: Bool = false) -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "nanMean(dim:keepDim:)")
    public func nanmean(dim: Int, keepDim: Bool = false) -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "countNonzero(dim:keepDim:)")
    public func count_nonzero(dim: Int) -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "isNaN()")
    public func isnan() -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "isInfinite()")
    public func isinf() -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "isFinite()")
    public func isfinite() -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "allClose(to:relative:absolute:equalNaN:)")
    public func allclose(_ other: Tensor) -> Bool { fatalError() }
    @available(*, unavailable, renamed: "isClose(to:relative:absolute:equalNaN:)")
    public func isclose(_ other: Tensor) -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "isEqual(to:)")
    public func equal(_ other: Tensor) -> Bool { fatalError() }

    @available(*, unavailable, renamed: "maskedFill(_:with:)")
    public func masked_fill(_ mask: Tensor, _ value: some ScalarConvertible) -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "maskedSelect(_:)")
    public func masked_select(_ mask: Tensor) -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "indexSelect(_:_:)")
    public func index_select(_ dim: Int, _ index: Tensor) -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "indexAdd(_:_:_:)")
    public func index_add(_ dim: Int, _ index: Tensor, _ source: Tensor) -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "scatterAdd(_:_:_:)")
    public func scatter_add(_ dim: Int, _ index: Tensor, _ source: Tensor) -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "repeatInterleave(_:dim:)")
    public func repeat_interleave(_ count: Int, dim: Int) -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "searchSorted(_:right:)")
    public func searchsorted(_ values: Tensor, right: Bool = false) -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "moveDim(_:to:)")
    public func movedim(_ source: Int, _ destination: Int) -> Tensor { fatalError() }
    @available(*, unavailable, message: "write expand(to: other.shape)")
    public func expand_as(_ other: Tensor) -> Tensor { fatalError() }
    @available(*, unavailable, message: "write reshape(other.shape)")
    public func view_as(_ other: Tensor) -> Tensor { fatalError() }

    @available(*, unavailable, renamed: "zeros(like:)")
    public static func zeros_like(_ other: Tensor) -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "ones(like:)")
    public static func ones_like(_ other: Tensor) -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "full(like:_:)")
    public static func full_like(_ other: Tensor, _ value: some ScalarConvertible) -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "randn(like:)")
    public static func randn_like(_ other: Tensor) -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "rand(like:)")
    public static func rand_like(_ other: Tensor) -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "oneHot(_:classes:)")
    public static func one_hot(_ index: Tensor, classes: Int) -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "cat(_:dim:)")
    public static func concat(_ tensors: [Tensor], dim: Int = 0) -> Tensor { fatalError() }
    @available(*, unavailable, message: "write randint(low..<high, shape)")
    public static func randint(_ low: Int, _ high: Int, _ shape: Shape) -> Tensor { fatalError() }
    @available(*, unavailable, message: "write randint(0..<high, shape)")
    public static func randint(_ high: Int, _ shape: Shape) -> Tensor { fatalError() }
}

// What a comparison in an `if` asks for: a comparison gives a tensor of bool, and a `Bool` is made of one element of it.
extension Tensor {
    @available(*, unavailable, message: "a comparison is a tensor of bool; of one element write Bool(x[i, j] == 0)")
    public static func == (x: Tensor, y: some ScalarConvertible) -> Bool { fatalError() }
    @available(*, unavailable, message: "a comparison is a tensor of bool; of one element write Bool(x[i, j] != 0)")
    public static func != (x: Tensor, y: some ScalarConvertible) -> Bool { fatalError() }
    @available(*, unavailable, message: "a comparison is a tensor of bool; of one element write Bool(x[i, j] < 0)")
    public static func < (x: Tensor, y: some ScalarConvertible) -> Bool { fatalError() }
    @available(*, unavailable, message: "a comparison is a tensor of bool; of one element write Bool(x[i, j] <= 0)")
    public static func <= (x: Tensor, y: some ScalarConvertible) -> Bool { fatalError() }
    @available(*, unavailable, message: "a comparison is a tensor of bool; of one element write Bool(x[i, j] > 0)")
    public static func > (x: Tensor, y: some ScalarConvertible) -> Bool { fatalError() }
    @available(*, unavailable, message: "a comparison is a tensor of bool; of one element write Bool(x[i, j] >= 0)")
    public static func >= (x: Tensor, y: some ScalarConvertible) -> Bool { fatalError() }
}
