/// Ways to reduce many elements to one.
package enum Reduction: String, Sendable, CaseIterable, AttributeConvertible {
    case sum
    case product = "prod"
    case max = "amax"
    case min = "amin"
    case sumOfSquares = "sum_of_squares"
    case any, all
}
