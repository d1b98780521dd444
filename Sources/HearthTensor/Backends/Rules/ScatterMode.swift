/// What scatter does with an element that is already there.
package enum ScatterMode: String, Sendable, CaseIterable, AttributeConvertible {
    case replace, add, multiply, max, min
}
