extension Tensor: CustomStringConvertible, CustomDebugStringConvertible {
    /// The elements as NumPy prints them: rows in brackets, columns aligned, large tensors shortened to the first and
    /// last three of each dimension, long rows broken at 80 columns.
    public var description: String {
        guard hasElements else { return "Tensor(meta, \(spec))" }
        guard count > 0 else { return "Tensor([], \(spec))" }
        let printer = TensorPrinter(noGrad { detach() })
        return printer.text
    }

    /// The elements, and shape, dtype and what made the tensor.
    public var debugDescription: String {
        "\(description)\n\(spec) on \(device)" + (body.node.map { ", from \($0.label)" } ?? "")
    }
}
