import CKernels

/// A row of the table of functions of two numbers: the kernel, and its derivatives written with tensors.
package final class BinaryFunction: Sendable {
    enum Kind {
        /// Computed in the promoted dtype.
        case arithmetic
        /// Computed in floating point: integers become `float32` first.
        case floating
        /// A bool for each pair.
        case predicate
    }

    /// The gradients of both operands for the gradient `g` of the result `f(x, y)`; the ones that `needs` asks for.
    typealias Derivative =
        @Sendable (_ g: Tensor, _ x: Tensor, _ y: Tensor, _ p: Parameters, _ needs: (x: Bool, y: Bool)) -> (
            Tensor?, Tensor?
        )

    let name: String
    package let kernel: hk_binary
    let kind: Kind
    /// True when the derivative looks at the operands, so that they are kept.
    let keepsOperands: Bool
    let derivative: Derivative

    init(
        _ name: String, _ kernel: hk_binary, _ kind: Kind = .arithmetic, keepsOperands: Bool = true,
        _ derivative: @escaping Derivative
    ) {
        self.name = name
        self.kernel = kernel
        self.kind = kind
        self.keepsOperands = keepsOperands
        self.derivative = derivative
    }

    /// A row without a derivative: comparisons, logic, bits.
    convenience init(discrete name: String, _ kernel: hk_binary, _ kind: Kind = .predicate) {
        self.init(name, kernel, kind, keepsOperands: false) { _, _, _, _, _ in (nil, nil) }
    }
}

/// A function of two numbers, element by element, on operands of one shape and dtype.
struct Binary: InPlaceOperation {
    static let name = "binary"
    // Rows of the table live as long as the program, so references to them need no counting.
    unowned(unsafe) let function: BinaryFunction
    var parameters = Parameters()

    static var names: [String] { BinaryFunction.all.map(\.name) }
    var name: String { function.name }
    var attributes: Attributes { parameters.attributes }

    func result(of x: Operands) throws(ShapeError) -> Spec {
        guard x[0].shape == x[1].shape, x[0].dtype == x[1].dtype else {
            throw ShapeError("shapes and dtypes must be equal")
        }
        try function.checkDType(x[0].dtype)
        return Spec(x[0].shape, function.kind == .predicate ? .bool : x[0].dtype)
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        if function.keepsOperands {
            kept.append(x[0])
            kept.append(x[1])
        }
        return x.backend.binary(function.kernel, x[0], x[1], parameters)
    }

    func overwrite(_ x: Operands) { x.backend.update(x[0], with: function.kernel, x[1], parameters) }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        let (x, y) = function.keepsOperands ? (kept[0], kept[1]) : (g, g)
        let needs = (x: kept.needs(0), y: kept.needs(1))
        let (dx, dy) = function.derivative(g, x, y, parameters, needs)
        return Gradients(needs.x ? dx : nil, needs.y ? dy : nil)
    }
}

extension Binary {
    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(function: try BinaryFunction.named(name), parameters: try Parameters(attributes))
    }
}

/// A function of a tensor's element and one number.
struct BinaryScalar: TensorOperation {
    static let name = "binary.scalar"
    // Rows of the table live as long as the program, so references to them need no counting.
    unowned(unsafe) let function: BinaryFunction
    let scalar: Scalar
    let scalarFirst: Bool

    static var names: [String] { BinaryFunction.all.map { $0.name + suffix } }
    /// As in PyTorch's list of native functions the form with a number has a name of its own.
    private static let suffix = ".scalar"

    var name: String { function.name + Self.suffix }
    var attributes: Attributes { ["scalar": scalar, "scalarFirst": scalarFirst] }

    func result(of x: Operands) throws(ShapeError) -> Spec {
        try function.checkDType(x[0].dtype)
        return Spec(x[0].shape, function.kind == .predicate ? .bool : x[0].dtype)
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        if function.keepsOperands && !isScaling { kept.append(x[0]) }
        return x.backend.binary(function.kernel, x[0], scalar, scalarFirst: scalarFirst)
    }

    /// Multiplication by a number and division by one need nothing of the operand.
    private var isScaling: Bool {
        function === BinaryFunction.multiply || (function === BinaryFunction.divide && !scalarFirst)
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        if isScaling {
            return Gradients(apply(BinaryScalar(function: function, scalar: scalar, scalarFirst: false), to: g))
        }
        let x = kept.count > 0 ? kept[0] : g
        let number = Tensor.full([], scalar, dtype: x.dtype, device: x.device).expand(to: x.shape)
        return scalarFirst
            ? Gradients(function.derivative(g, number, x, Parameters(), (x: false, y: true)).1)
            : Gradients(function.derivative(g, x, number, Parameters(), (x: true, y: false)).0)
    }
}

extension BinaryScalar {
    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(
            function: try BinaryFunction.named(String(name.dropLast(Self.suffix.count))),
            scalar: try attributes["scalar"], scalarFirst: try attributes["scalarFirst"])
    }
}

extension Tensor {
    /// Brings both operands to one dtype and shape, and applies a row of the table.
    func binary(_ function: BinaryFunction, _ other: Tensor, _ parameters: Parameters = Parameters()) -> Tensor {
        if body.layout.shape == other.body.layout.shape && dtype == other.dtype
            && (dtype.isFloatingPoint || function.kind != .floating)
        {
            return apply(Binary(function: function, parameters: parameters), to: self, other)
        }
        guard let shape = Dimensions.broadcast(self.shape, other.shape) else {
            return stop(
                function.name, [spec, other.spec],
                "sizes must be equal or 1 in every dimension, counted from the last", fallback: self)
        }
        var type = Tensor.promoted(self, other)
        if function.kind == .floating && !type.isFloatingPoint { type = .float32 }
        return apply(
            Binary(function: function, parameters: parameters), to: self.to(type).expand(to: shape),
            other.to(type).expand(to: shape))
    }

    /// Applies a row of the table to this tensor and a number.
    func binary(_ function: BinaryFunction, _ scalar: Scalar, scalarFirst: Bool = false) -> Tensor {
        var type = scalar.promoted(with: dtype)
        if function.kind == .floating && !type.isFloatingPoint { type = .float32 }
        return apply(
            BinaryScalar(function: function, scalar: scalar, scalarFirst: scalarFirst),
            to: type == dtype ? self : self.to(type))
    }

    /// The dtype of a result of two tensors. As in PyTorch a tensor without dimensions only counts by its kind.
    static func promoted(_ x: Tensor, _ y: Tensor) -> DType {
        if x.dtype == y.dtype { return x.dtype }
        func category(_ type: DType) -> Int { type == .bool ? 0 : type.isFloatingPoint ? 2 : 1 }
        if (x.rank == 0) != (y.rank == 0) {
            let (full, scalar) = x.rank == 0 ? (y.dtype, x.dtype) : (x.dtype, y.dtype)
            if category(scalar) <= category(full) { return full }
        }
        return x.dtype.promoted(with: y.dtype)
    }
}

extension Dimensions {
    /// The shape that both broadcast to, or nil when they do not fit.
    static func broadcast(_ x: Shape, _ y: Shape) -> Shape? {
        if x == y { return x }
        let rank = Swift.max(x.count, y.count)
        var shape = Shape(repeating: 1, count: rank)
        for i in 0..<rank {
            let a = i < rank - x.count ? 1 : x[i - (rank - x.count)]
            let b = i < rank - y.count ? 1 : y[i - (rank - y.count)]
            guard a == b || a == 1 || b == 1 else { return nil }
            shape[i] = a == 1 ? b : a
        }
        return shape
    }
}

// The table. Names are PyTorch's.
extension BinaryFunction {
    static let add = BinaryFunction("add", HK_add, keepsOperands: false) { g, _, _, _, _ in (g, g) }
    static let subtract = BinaryFunction("sub", HK_subtract, keepsOperands: false) { g, _, _, _, needs in
        (g, needs.y ? -g : nil)
    }
    static let multiply = BinaryFunction("mul", HK_multiply) { g, x, y, _, needs in
        (needs.x ? g * y : nil, needs.y ? g * x : nil)
    }
    static let divide = BinaryFunction("div", HK_divide, .floating) { g, x, y, _, needs in
        // Divided twice, since the square of a 16-bit number soon leaves its range.
        (needs.x ? g / y : nil, needs.y ? -(g * (x / y / y)) : nil)
    }
    static let floorDivide = BinaryFunction("floor_divide", HK_floor_divide, keepsOperands: false) { g, _, _, _, _ in
        (g * 0, g * 0)
    }
    static let remainder = BinaryFunction("remainder", HK_remainder) { g, x, y, _, needs in
        (g, needs.y ? -(g * x.floorDivide(y)) : nil)
    }
    static let fmod = BinaryFunction("fmod", HK_fmod) { g, x, y, _, needs in
        (g, needs.y ? -(g * (x / y).trunc()) : nil)
    }
    static let power = BinaryFunction("pow", HK_power) { g, x, y, _, needs in
        (
            needs.x ? g * (y * x.pow(y - 1)).maskedFill(y == 0, with: 0.0) : nil,
            // 0 to the power of y is 0 for all positive y, so its derivative by y is 0, where the formula has 0 · log
            // 0.
            needs.y ? g * (x.pow(y) * x.log()).maskedFill((x == 0) & (y >= 0), with: 0.0) : nil
        )
    }
    static let atan2 = BinaryFunction("atan2", HK_atan2, .floating) { g, y, x, _, needs in
        // By the distance twice, which does not overflow where its square would. At the origin the derivative is 0.
        let distance = y.hypot(x)
        let length = distance.maskedFill(distance.detach() == 0, with: 1)
        let scaled = g / length
        return (needs.x ? scaled * (x / length) : nil, needs.y ? -(scaled * (y / length)) : nil)
    }
    static let maximum = BinaryFunction("maximum", HK_maximum) { g, x, y, _, _ in split(g, x, y, x < y, x > y) }
    static let minimum = BinaryFunction("minimum", HK_minimum) { g, x, y, _, _ in split(g, x, y, x > y, x < y) }
    static let hypot = BinaryFunction("hypot", HK_hypot, .floating) { g, x, y, _, needs in
        let scaled = g / x.hypot(y)
        return (needs.x ? scaled * x : nil, needs.y ? scaled * y : nil)
    }
    static let xlogy = BinaryFunction("xlogy", HK_xlogy, .floating) { g, x, y, _, needs in
        (
            needs.x ? g * y.log().maskedFill((x == 0) & (y <= 0), with: 0.0) : nil,
            needs.y ? g * x / y : nil
        )
    }
    static let copysign = BinaryFunction("copysign", HK_copysign, .floating) { g, x, y, _, _ in
        // The sign that the magnitude was given; NaN and infinity have no slope.
        (g * (x.copysign(y) / x).maskedFill(x == 0, with: 0), g * 0)
    }
    static let addScaled = BinaryFunction("add_scaled", HK_add_scaled, keepsOperands: false) { g, _, _, p, needs in
        (g, needs.y ? g * p.a : nil)
    }

    static let equal = BinaryFunction(discrete: "eq", HK_equal)
    static let notEqual = BinaryFunction(discrete: "ne", HK_not_equal)
    static let less = BinaryFunction(discrete: "lt", HK_less)
    static let lessEqual = BinaryFunction(discrete: "le", HK_less_equal)
    static let greater = BinaryFunction(discrete: "gt", HK_greater)
    static let greaterEqual = BinaryFunction(discrete: "ge", HK_greater_equal)
    static let logicalAnd = BinaryFunction(discrete: "logical_and", HK_logical_and)
    static let logicalOr = BinaryFunction(discrete: "logical_or", HK_logical_or)
    static let logicalXor = BinaryFunction(discrete: "logical_xor", HK_logical_xor)
    static let bitwiseAnd = BinaryFunction(discrete: "bitwise_and", HK_bitwise_and, .arithmetic)
    static let bitwiseOr = BinaryFunction(discrete: "bitwise_or", HK_bitwise_or, .arithmetic)
    static let bitwiseXor = BinaryFunction(discrete: "bitwise_xor", HK_bitwise_xor, .arithmetic)
    static let shiftLeft = BinaryFunction(discrete: "bitwise_left_shift", HK_shift_left, .arithmetic)
    static let shiftRight = BinaryFunction(discrete: "bitwise_right_shift", HK_shift_right, .arithmetic)

    /// The operand that loses gets no gradient, where they are equal each gets half. NaN neither loses nor wins, so with
    /// one both get all, as in PyTorch.
    static func split(
        _ g: Tensor, _ x: Tensor, _ y: Tensor, _ firstLoses: Tensor, _ secondLoses: Tensor
    ) -> (Tensor?, Tensor?) {
        let shared = Tensor.where(x == y, g * 0.5, g)
        return (shared.masked(where: ~firstLoses), shared.masked(where: ~secondLoses))
    }
}

// First derivatives of activations in one pass over the elements. `g` is the gradient of the result; all are linear
// in `g`, so the derivative by `g` is the same row again.
extension BinaryFunction {
    static let reluGradient: BinaryFunction = BinaryFunction("relu_backward", HK_relu_gradient) { gg, _, y, _, needs in
        (apply(Binary(function: .reluGradient), to: gg, y), nil)
    }
    static let sigmoidGradient: BinaryFunction = BinaryFunction("sigmoid_backward", HK_sigmoid_gradient) {
        gg, g, y, _, needs in
        (
            needs.x ? apply(Binary(function: .sigmoidGradient), to: gg, y) : nil,
            needs.y ? gg * g * (1 - y * 2) : nil
        )
    }
    static let tanhGradient: BinaryFunction = BinaryFunction("tanh_backward", HK_tanh_gradient) { gg, g, y, _, needs in
        (needs.x ? apply(Binary(function: .tanhGradient), to: gg, y) : nil, needs.y ? gg * g * y * -2 : nil)
    }
    static let geluGradient: BinaryFunction = BinaryFunction("gelu_backward", HK_gelu_gradient) { gg, g, x, _, needs in
        // gelu'' = pdf(x) (2 - x²)
        let pdf = (x * x * -0.5).exp() * 0.398942280401432677940
        return (
            needs.x ? apply(Binary(function: .geluGradient), to: gg, x) : nil,
            needs.y ? gg * g * pdf * (2 - x * x) : nil
        )
    }
    static let geluTanhGradient: BinaryFunction = BinaryFunction("gelu_tanh_backward", HK_gelu_tanh_gradient) {
        gg, g, x, _, needs in
        let (c, k) = (0.79788456080286535588, 0.044715)
        let t = ((x + x * x * x * k) * c).tanh()
        let inner = (x * x * (3 * k) + 1) * c
        let sech = 1 - t * t
        let second = sech * inner - x * t * sech * inner * inner + x * x * sech * (3 * k * c)
        return (
            needs.x ? apply(Binary(function: .geluTanhGradient), to: gg, x) : nil, needs.y ? gg * g * second : nil
        )
    }
    static let siluGradient: BinaryFunction = BinaryFunction("silu_backward", HK_silu_gradient) { gg, g, x, _, needs in
        let s = x.sigmoid()
        let slope = s * (1 - s)
        return (
            needs.x ? apply(Binary(function: .siluGradient), to: gg, x) : nil,
            needs.y ? gg * g * slope * (2 + x * (1 - s * 2)) : nil
        )
    }
    static let clampGradient: BinaryFunction = BinaryFunction("clamp_backward", HK_clamp_gradient) { gg, _, x, p, _ in
        (apply(Binary(function: .clampGradient, parameters: p), to: gg, x), nil)
    }
    static let leakyReLUGradient: BinaryFunction = BinaryFunction("leaky_relu_backward", HK_leaky_relu_gradient) {
        gg, _, x, p, _ in
        (apply(Binary(function: .leakyReLUGradient, parameters: p), to: gg, x), nil)
    }
    static let eluGradient: BinaryFunction = BinaryFunction("elu_backward", HK_elu_gradient) { gg, g, x, p, needs in
        (
            needs.x ? apply(Binary(function: .eluGradient, parameters: p), to: gg, x) : nil,
            needs.y ? (gg * g * x.exp() * p.a).masked(where: x <= 0) : nil
        )
    }
}

extension BinaryFunction {
    /// All rows, from which an operation is made by its name. A test compares them with the kernels that there are.
    package static let all: [BinaryFunction] = [
        add, subtract, multiply, divide, floorDivide, remainder, fmod, power, atan2, maximum, minimum,
        hypot, xlogy, copysign, addScaled, equal, notEqual, less, lessEqual, greater, greaterEqual,
        logicalAnd, logicalOr, logicalXor, bitwiseAnd, bitwiseOr, bitwiseXor, shiftLeft, shiftRight,
        reluGradient, sigmoidGradient, tanhGradient, geluGradient, geluTanhGradient, siluGradient,
        clampGradient, leakyReLUGradient, eluGradient, fmax, fmin, logAddExp, logAddExp2, igamma, igammac,
        zeta, xlog1py, heaviside, nextAfter, gcd, lcm,
    ]

    /// Throws for a dtype that the function is not defined for.
    @inline(__always)
    fileprivate func checkDType(_ dtype: DType) throws(ShapeError) {
        if !dtype.isFloatingPoint, hk_find_binary(kernel, dtype.kernel) == nil {
            throw ShapeError("not defined for \(dtype)")
        }
    }

    /// The row with this name.
    fileprivate static func named(_ name: String) throws(AttributeError) -> BinaryFunction {
        guard let row = all.first(where: { $0.name == name }) else {
            throw AttributeError("there is no function of two numbers called '\(name)'")
        }
        return row
    }
}

extension BinaryFunction: Hashable {
    package static func == (a: BinaryFunction, b: BinaryFunction) -> Bool { a === b }
    package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
