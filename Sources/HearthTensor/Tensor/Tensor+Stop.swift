/// Stops as `stop(_:_:_:)` does; inside `checkShapes` gives a tensor to go on with, of the spec of `fallback`, on `meta`.
package func stop(_ operation: String, _ operands: [Spec], _ rule: String, fallback: Tensor) -> Tensor {
    stop(operation, operands, rule)
    return Tensor.meta(fallback.spec)
}
