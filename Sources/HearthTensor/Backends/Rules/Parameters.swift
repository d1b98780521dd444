/// Up to two numbers that an elementwise function takes besides its operands (a slope, a bound).
package struct Parameters: Sendable, Hashable {
    package var a: Double
    package var b: Double

    package init(a: Double = 0, b: Double = 0) { (self.a, self.b) = (a, b) }
}

extension Parameters: AttributeRecord {
    /// The numbers that are not 0, so that functions without any say nothing.
    var attributes: Attributes {
        if b != 0 { return ["a": a, "b": b] }
        return a != 0 ? ["a": a] : [:]
    }

    init(_ attributes: Attributes) throws(AttributeError) {
        self.init()
        for (name, value) in attributes.entries {
            guard let number = Double(attributeValue: value) else { throw AttributeError("'\(name)' is no number") }
            if name == "a" { a = number } else if name == "b" { b = number }
        }
    }
}
