import HearthImages
import HearthTensor

/// The operator that reads pictures.
enum Pictures {
    static let rows: OperatorRows = ["ImageDecoder": decode]

    /// `[H, W, C]` of the bytes of a picture's file; of bytes that are none an empty tensor, as ONNX has it.
    private static func decode(_ n: NodeContext) throws -> [Value] {
        let bytes = try n.readable(n[0], 0)
        try n.check(bytes.dtype == .uint8, "bytes", "\(bytes.spec)")
        let format = n.text("pixel_format", "RGB")
        try n.check(["RGB", "BGR", "Grayscale"].contains(format), "RGB, BGR or Grayscale", "'\(format)'")
        let isGrey = format == "Grayscale"
        guard let picture = try? Image.decode(bytes.array(of: UInt8.self), as: isGrey ? .grey : .rgb) else {
            return n.native(Tensor.zeros([0, 0, isGrey ? 1 : 3], dtype: .uint8, device: .cpu))
        }
        let ordered = format == "BGR" ? picture.flip(0) : picture
        return n.native(ordered.permute(1, 2, 0).contiguous())
    }
}
