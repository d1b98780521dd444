import CKernels

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Runs `body` so that arguments which do not fit throw a `ShapeError` instead of stopping the program.
///
///     try checkShapes { model(Tensor.meta([1, 784])) }
///
/// With tensors on the `meta` device nothing is computed, so this is the way to look at a foreign model before
/// running it. After the first mistake the rest of `body` goes on with tensors of arbitrary shape.
///
/// With tensors that have elements everything is computed as usual, and values are checked too: a class outside its
/// range, an index, an option, an integer divided by zero, a singular matrix. So this is also the way to catch what
/// PyTorch raises as an exception:
///
///     do {
///         let solution = try checkShapes { matrix.solve(right) }
///     } catch let error as ShapeError {
///         print(error.rule)   // the matrix is singular; …
///     }
///
/// What linear algebra cannot do is also told without an error by `choleskyEx(upper:)`, `inverseEx()`, `solveEx(_:)` and
/// `luFactorEx()`.
@discardableResult
public func checkShapes<Result>(_ body: () throws -> Result) throws -> Result {
    let scope = ShapeScope()
    let result = try withWatch(\.shape_scope, scope, body)
    if let failure = scope.failure { throw failure }
    return result
}

/// The one way to stop for a programmer's mistake, for arguments that break a rule: the program ends with the operation,
/// the operands and the rule; inside `checkShapes` the mistake is noted, to be thrown there, and the caller goes on with
/// anything that can do no harm, since nothing that comes of it is ever used.
///
/// - Parameters:
///   - operation: PyTorch's name of the function, or the Swift name where they differ.
///   - operands: The tensors that it was called with.
///   - rule: The rule, and what was found.
package func stop(_ operation: String, _ operands: [Spec], _ rule: String) {
    let error = ShapeError(rule).named(operation, on: operands)
    guard let scope = ShapeScope.current else { endProgram(error) }
    scope.note(error)
}

/// Ends the program for a mistake. What it has printed into a pipe comes first, and would be lost otherwise.
@inline(never)
func endProgram(_ error: ShapeError) -> Never {
    fflush(nil)
    fatalError(error.description)
}

/// The same where there are no operands.
package func stop(_ operation: String, _ rule: String) { stop(operation, [], rule) }

/// Stops as `stop(_:_:)` does unless `condition` holds; what the caller does next must then do no harm.
package func require(_ condition: Bool, _ operation: String, _ rule: @autoclosure () -> String) {
    if !condition { stop(operation, rule()) }
}

/// What `checkShapes` has seen on this thread.
final class ShapeScope {
    private(set) var failure: ShapeError?
    var hasFailed: Bool { failure != nil }

    func note(_ error: ShapeError) {
        Trace.noteFailure()
        failure = failure ?? error
    }

    static var current: ShapeScope? {
        hk_thread().pointee.shape_scope.map { Unmanaged<ShapeScope>.fromOpaque($0).takeUnretainedValue() }
    }
}
