import CKernels

/// Operands that do not fit an operation.
public struct ShapeError: Error, Hashable, CustomStringConvertible {
    /// The operation's name, `matmul`; empty in a rule's own code, filled in at the door.
    public private(set) var operation = ""
    /// The operands as they were found: shapes and dtypes.
    public private(set) var operands: [Spec] = []
    /// The rule that they break, with the numbers that break it.
    public let rule: String

    /// An error to be thrown by an operation's shape rule: `throw ShapeError("inner sizes differ: 3 and 4")`.
    public init(_ rule: String) { self.rule = rule }

    /// The error in words.
    public var description: String { "\(operation)(\(operands.map(\.description).joined(separator: ", "))): \(rule)" }

    func named(_ operation: some Operation, on x: Operands) -> ShapeError {
        var error = self
        error.operation = operation.label
        error.operands = x.map(\.spec)
        return error
    }

    func message(for operation: some Operation, on x: Operands) -> String { named(operation, on: x).description }

    /// Stops the program, or notes the error inside `checkShapes` and gives `fallback`.
    static func fail(_ operation: String, _ x: [Spec], _ rule: String, fallback: Tensor) -> Tensor {
        report(operation, x, rule)
        return Tensor.meta(fallback.spec)
    }

    /// Stops the program, or notes the error inside `checkShapes`: what comes after it is then never computed, so the
    /// caller may go on with anything.
    package static func report(_ operation: String, _ x: [Spec], _ rule: String) {
        var error = ShapeError(rule)
        error.operation = operation
        error.operands = x
        guard let scope = ShapeScope.current else { fatalError(error.description) }
        scope.note(error)
    }
}

extension Spec: CustomStringConvertible {
    /// The error in words.
    public var description: String { "\(dtype)\(shape)" }
}

/// Runs `body` so that operands which do not fit throw a `ShapeError` instead of stopping the program.
///
///     try checkShapes { model(Tensor.meta([1, 784])) }
///
/// With tensors on the `meta` device nothing is computed, so this is the way to look at a foreign model before
/// running it. After the first mistake the rest of `body` goes on with tensors of arbitrary shape.
@discardableResult
public func checkShapes<Result>(_ body: () throws -> Result) throws -> Result {
    let scope = ShapeScope()
    let outer = hk_thread().pointee
    hk_thread().pointee.shape_scope = Unmanaged.passUnretained(scope).toOpaque()
    hk_thread().pointee.watched = true
    defer {
        hk_thread().pointee.shape_scope = outer.shape_scope
        hk_thread().pointee.watched = outer.watched
    }
    let result = try withExtendedLifetime(scope, body)
    if let failure = scope.failure { throw failure }
    return result
}

/// What `checkShapes` has seen on this thread.
final class ShapeScope {
    private(set) var failure: ShapeError?
    var hasFailed: Bool { failure != nil }

    func note(_ error: ShapeError) { failure = failure ?? error }

    static var current: ShapeScope? {
        hk_thread().pointee.shape_scope.map { Unmanaged<ShapeScope>.fromOpaque($0).takeUnretainedValue() }
    }
}
