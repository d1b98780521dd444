/// The same elements on another device.
struct Transfer: TensorOperation {
    static let name = "to_device"
    let device: Device

    var attributes: Attributes { ["device": device.description] }

    func result(of x: Operands) throws(ShapeError) -> Spec {
        guard device == .meta || x.device != .meta else {
            throw ShapeError("a tensor on meta has no elements to copy to '\(device)'")
        }
        return x[0].spec
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        kept.append(x[0])
        if device == .meta { return .meta(result) }
        return x[0].withUnsafeBytes { bytes in
            let y = Tensor.uninitialized(result, on: device)
            y.storage.memory.upload(bytes, to: y.storage.address)
            return y
        }
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients { Gradients(g.to(kept[0].device)) }
}

extension Transfer {
    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        let name: String = try attributes["device"]
        do { device = try Device(name) } catch { throw AttributeError("\(error)") }
    }
}

extension Tensor {
    /// This tensor on another device; itself when it is there. To `meta` goes the shape alone. The gradient comes back
    /// the same way. PyTorch's `to(device)`.
    public func to(_ device: Device) -> Tensor {
        device == self.device ? self : apply(Transfer(device: device), to: self)
    }

    /// This tensor in the processor's memory. PyTorch's `cpu()`.
    public func cpu() -> Tensor { to(.cpu) }
}
