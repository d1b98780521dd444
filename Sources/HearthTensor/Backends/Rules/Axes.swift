/// A set of dimensions.
package struct Axes: Sendable, Hashable {
    var bits: UInt8 = 0

    init() {}
    package init(_ axes: some Sequence<Int>) { for axis in axes { insert(axis) } }

    package static func all(_ rank: Int) -> Axes {
        var axes = Axes()
        axes.bits = UInt8(truncatingIfNeeded: (1 << rank) - 1)
        return axes
    }

    package func contains(_ axis: Int) -> Bool { bits & (1 << UInt8(axis)) != 0 }
    mutating func insert(_ axis: Int) { bits |= 1 << UInt8(axis) }
    var isEmpty: Bool { bits == 0 }
}

extension Axes: AttributeConvertible {
    /// The dimensions in ascending order.
    package var attributeValue: AttributeValue { (0..<Dimensions.limit).filter(contains).attributeValue }

    package init?(attributeValue: AttributeValue) {
        guard let axes = [Int](attributeValue: attributeValue),
            axes.allSatisfy({ (0..<Dimensions.limit).contains($0) })
        else { return nil }
        self.init(axes)
    }
}
