import Hearth
import HearthONNX
import HearthVision

extension Program {
    /// The arrays of an `.npz` file as inputs. Throws what reading throws, and `RunError` for an array whose type the program
    /// does not take.
    package func inputs(npz file: String) throws -> [String: Tensor] {
        let ports = Dictionary(inputs.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var given: [String: Tensor] = [:]
        for (name, array) in try NumPyArray.read(npz: file) {
            let type = array.elementType
            if let wanted = ports[name]?.elementType, wanted != .undefined, wanted != type {
                throw RunError("\(file): expected '\(name)' of \(wanted), found \(type)")
            }
            given[name] = array.tensor
        }
        return given
    }

    /// Random inputs: floats of the standard normal distribution, integers and bools of 0 and 1. A size that the program
    /// leaves open is `open`.
    package func randomInputs(seed: UInt64, open: Int = 1) throws -> [String: Tensor] {
        let generator = Generator(seed: seed)
        var given: [String: Tensor] = [:]
        for port in inputs {
            guard let dtype = port.elementType.dtype, let sizes = port.sizes, sizes.count <= Shape.limit else {
                throw RunError("'\(port.name)' of \(port.text) cannot be made at random; give --input")
            }
            let shape = Shape(sizes.map { $0 ?? open })
            given[port.name] =
                dtype.isFloatingPoint
                ? Tensor.randn(shape, generator: generator).to(dtype)
                : Tensor.randint(0..<2, shape, generator: generator).to(dtype)
        }
        return given
    }

    /// A picture as the one input, `[1, C, H, W]`: brought to its size, from 0 to 1, less `mean` and divided by `std`.
    /// - Throws: `RunError` when the program takes something else, and what reading the picture throws.
    package func input(picture path: String, mean: [Double], std: [Double]) throws -> [String: Tensor] {
        guard inputs.count == 1, let port = inputs.first, let sizes = port.sizes, sizes.count == 4,
            let dtype = port.elementType.dtype, let channels = sizes[1], channels == 1 || channels == 3
        else {
            let taken = inputs.map { "\($0.name): \($0.text)" }.joined(separator: ", ")
            throw RunError("a picture is [batch, 1 or 3, height, width]; the program takes \(taken)")
        }
        let picture = try Image.read(path, as: channels == 1 ? .grey : .rgb)
        let (height, width) = (sizes[2] ?? picture.shape[1], sizes[3] ?? picture.shape[2])
        let pixels = Resize(height: height, width: width)(picture)
        let values = Compose(ToTensor(), Normalize(mean: mean, std: std))(pixels).unsqueeze(0)
        return [port.name: dtype.isFloatingPoint ? values.to(dtype) : pixels.unsqueeze(0).to(dtype)]
    }
}

extension NumPyArray {
    fileprivate var elementType: ElementType {
        switch unsigned {
        case .uint16: .uint16
        case .uint32: .uint32
        case .uint64: .uint64
        case nil: ElementType(tensor.dtype)
        }
    }
}
