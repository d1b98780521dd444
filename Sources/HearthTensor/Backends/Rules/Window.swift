/// How a kernel slides over the last dimensions of a tensor `[N, C, …]`: one value for each of these dimensions.
///
/// Window `o` covers the elements `o * stride - before + k * dilation` for `k` in `0 ..< kernel`.
package struct Window: Hashable, Sendable {
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

extension Window: AttributeRecord {
    var attributes: Attributes {
        ["kernel": kernel, "stride": stride, "before": before, "after": after, "dilation": dilation]
    }

    init(_ attributes: Attributes) throws(AttributeError) {
        self.init(
            kernel: try attributes["kernel"], stride: try attributes["stride"], before: try attributes["before"],
            after: try attributes["after"], dilation: try attributes["dilation"])
    }
}
