// The one element of a tensor as a number of Swift, as Python's `float(t)`, `int(t)` and `bool(t)` give it:
//
//     if Bool(x[i, j] > 0) { total += Double(x[i, j]) }
//
// All wait for the device, and stop the program when there is not exactly one element.

extension Double {
    /// The only element of a tensor of any dtype.
    public init(_ tensor: Tensor) { self = tensor.item() }
}

extension Float {
    /// The only element of a tensor of any dtype, rounded to `Float`.
    public init(_ tensor: Tensor) { self = Float(tensor.item()) }
}

extension Int {
    /// The only element of a tensor of any dtype; of a floating-point number the part before the point. Stops the program
    /// for NaN and for what no `Int` is.
    public init(_ tensor: Tensor) {
        if !tensor.dtype.isFloatingPoint {
            self = noGrad { tensor.to(.int64) }.item(as: Int.self)
            return
        }
        let value = tensor.item()
        if let whole = Int(exactly: value.rounded(.towardZero)) {
            self = whole
        } else {
            stop("Int", [tensor.spec], "\(value) is no integer of 64 bits")
            self = 0
        }
    }
}

extension Bool {
    /// True when the only element of a tensor is not 0. What a comparison gives is a tensor of bool, so this is how it
    /// stands in an `if`; of more elements ask `any()` or `all()`.
    public init(_ tensor: Tensor) {
        require(
            tensor.count == 1, "Bool",
            "one element is expected; the tensor has shape \(tensor.shape). Ask any() or all() for a yes or no of many")
        self = tensor.count == 1 && tensor.item() != 0
    }
}
