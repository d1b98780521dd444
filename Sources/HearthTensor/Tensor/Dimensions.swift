/// One integer for each dimension of a tensor: its sizes or its strides.
///
///     let shape: Shape = [64, 1, 28, 28]
///     shape.count        // 4 dimensions
///     shape[-1]          // 28, counted from the end as in PyTorch
///     shape.elementCount // 50,176
///
/// The integers are stored in place, without an allocation, so a tensor may have at most `Dimensions.limit` of them.
public struct Dimensions: Hashable, Sendable {
    /// The largest number of dimensions that a tensor can have.
    public static let limit = 8

    @usableFromInline var values: InlineArray<8, Int>
    @usableFromInline var length: Int

    /// No dimensions: the shape of a scalar.
    @inlinable public init() {
        values = InlineArray(repeating: 0)
        length = 0
    }

    /// `count` times the same value.
    @inlinable public init(repeating value: Int, count: Int) {
        let count = Self.checkCount(count) ? count : Self.limit
        values = InlineArray(repeating: 0)
        length = count
        for i in 0..<count { values[i] = value }
    }

    /// The integers of a sequence, in order. Stops the program when there are more than `limit`.
    @inlinable public init(_ elements: some Sequence<Int>) {
        self.init()
        for element in elements { append(element) }
    }

    /// Adds a dimension at the end.
    @inlinable public mutating func append(_ value: Int) {
        guard Self.checkCount(length + 1) else { return }
        values[length] = value
        length += 1
    }

    /// Adds a dimension before position `index`.
    public mutating func insert(_ value: Int, at index: Int) {
        guard Self.checkCount(length + 1) else { return }
        var i = length
        while i > index {
            values[i] = values[i - 1]
            i -= 1
        }
        values[index] = value
        length += 1
    }

    /// Takes out the dimension at position `index` and returns its value.
    @discardableResult
    public mutating func remove(at index: Int) -> Int {
        let removed = self[index]
        for i in index..<(length - 1) { values[i] = values[i + 1] }
        length -= 1
        values[length] = 0
        return removed
    }

    /// Stops the program when there are more than `limit` dimensions; inside `checkShapes` notes it and gives false.
    @inlinable @discardableResult static func checkCount(_ count: Int) -> Bool {
        if count <= limit { return true }
        tooMany(count)
        return false
    }

    @usableFromInline static func tooMany(_ count: Int) {
        stop("shape", "a tensor has at most \(limit) dimensions; asked for \(count)")
    }

    @usableFromInline func outside(_ position: Int) {
        stop("shape", "dimension \(position) is out of range for \(length) dimensions \(Array(self))")
    }

    /// The product of all values: the number of elements of a tensor of this shape; 1 for a scalar.
    @inlinable public var elementCount: Int {
        var product = 1
        for i in 0..<length { product *= values[i] }
        return product
    }

    /// True when both have the same values.
    @inlinable public static func == (a: Self, b: Self) -> Bool {
        guard a.length == b.length else { return false }
        for i in 0..<a.length where a.values[i] != b.values[i] { return false }
        return true
    }

    /// Feeds the values to a hasher.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(length)
        for i in 0..<length { hasher.combine(values[i]) }
    }
}

/// The size of each dimension of a tensor.
public typealias Shape = Dimensions

/// The distance, in elements, between neighbours along each dimension of a tensor.
public typealias Strides = Dimensions

extension Dimensions: RandomAccessCollection, MutableCollection, ExpressibleByArrayLiteral {
    /// The first position, 0.
    @inlinable public var startIndex: Int { 0 }
    /// The position after the last.
    @inlinable public var endIndex: Int { length }
    /// The number of dimensions.
    @inlinable public var count: Int { length }

    /// The integers in the brackets.
    @inlinable public init(arrayLiteral elements: Int...) { self.init(elements) }

    /// The value of one dimension; negative positions count from the end.
    @inlinable public subscript(position: Int) -> Int {
        get { values[checked(position)] }
        set { values[checked(position)] = newValue }
    }

    @inlinable func checked(_ position: Int) -> Int {
        let index = position < 0 ? position + length : position
        guard index >= 0, index < length else {
            outside(position)
            return 0
        }
        return index
    }
}

extension Dimensions: CustomStringConvertible {
    /// The values as PyTorch prints a size: `[64, 1, 28, 28]`.
    public var description: String { "[" + map(String.init).joined(separator: ", ") + "]" }
}

extension Dimensions {
    /// The strides of a tensor of this shape whose elements lie one after another, the last dimension fastest.
    public var contiguousStrides: Strides {
        var strides = Strides(repeating: 1, count: length)
        var step = 1
        var i = length - 1
        while i >= 0 {
            strides.values[i] = step
            step *= Swift.max(values[i], 1)
            i -= 1
        }
        return strides
    }
}
