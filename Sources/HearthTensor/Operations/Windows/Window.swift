/// How a kernel slides over the last dimensions of a tensor `[N, C, …]`: one value for each of these dimensions.
///
/// Window `o` covers the elements `o * stride - before + k * dilation` for `k` in `0 ..< kernel`.
struct Window: Hashable, Sendable {
    var kernel: Dimensions
    var stride: Dimensions
    /// Zeros before the first element and after the last.
    var before: Dimensions
    var after: Dimensions
    var dilation: Dimensions

    var rank: Int { kernel.count }

    /// How many windows there are over dimensions of `size`. Throws when there is none.
    func outputs(over size: Shape) throws(ShapeError) -> Shape {
        var result = Shape()
        for i in 0..<rank {
            guard kernel[i] > 0, stride[i] > 0, dilation[i] > 0, before[i] >= 0, after[i] >= 0 else {
                throw ShapeError("kernel, stride and dilation must be positive and padding not negative; \(self)")
            }
            let reach = dilation[i] * (kernel[i] - 1) + 1
            let room = size[i] + before[i] + after[i] - reach
            guard room >= 0 else {
                throw ShapeError(
                    "a kernel that reaches over \(reach) does not fit \(size[i] + before[i] + after[i]) elements "
                        + "(padding included) of dimension \(i + 2)")
            }
            result.append(room / stride[i] + 1)
        }
        return result
    }

    /// True when window `o` is element `o`.
    var isIdentity: Bool {
        kernel.allSatisfy { $0 == 1 } && stride.allSatisfy { $0 == 1 } && before.allSatisfy { $0 == 0 }
            && after.allSatisfy { $0 == 0 }
    }
}

/// A size, a stride, a padding: one number for every dimension that a kernel slides over, or a list with one for each.
///
///     x.maxPool2d(3, stride: 2)
///     x.maxPool2d([3, 1], stride: [2, 1])
public protocol Extent: Sendable {
    /// The numbers for `rank` dimensions; nil when there are another number of them.
    func sizes(_ rank: Int) -> Dimensions?
}

extension Int: Extent {
    /// `rank` times this number.
    public func sizes(_ rank: Int) -> Dimensions? { Dimensions(repeating: self, count: rank) }
}

extension Array: Extent where Element == Int {
    /// These numbers; a single one stands for all.
    public func sizes(_ rank: Int) -> Dimensions? {
        count == rank ? Dimensions(self) : count == 1 ? Dimensions(repeating: self[0], count: rank) : nil
    }
}

extension Dimensions: Extent {
    /// These numbers; a single one stands for all.
    public func sizes(_ rank: Int) -> Dimensions? { Array(self).sizes(rank) }
}

extension Extent {
    /// The numbers for `rank` dimensions. Stops the program when there are another number of them.
    func checked(_ rank: Int, _ name: String, _ operation: String) -> Dimensions {
        guard let sizes = sizes(rank) else {
            fatalError("\(operation): \(name) has \(self); expected one number, or \(rank)")
        }
        return sizes
    }
}
