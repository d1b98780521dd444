import HearthFormats
import HearthNN
import HearthTensor

import HearthVision

/// The files that `Tests/Goldens/make_models.py` writes, and the rule for weights and images that it has in common with
/// the tests.
enum ModelGoldens {
    /// For each of torchvision's networks: parameters, and the names and shapes of the state dict.
    static let networks: JSON = {
        do {
            let bytes = try Gzip.decompress(contentsOf: Golden.path("models.json.gz"), limit: 1 << 24)
            return try JSON(parsing: String(decoding: bytes, as: UTF8.self), name: "models.json.gz")
        } catch {
            fatalError("the golden file cannot be read: \(error)")
        }
    }()

    /// What some networks compute.
    static let values: StateDict = {
        do {
            let bytes = try Gzip.decompress(contentsOf: Golden.path("models.safetensors.gz"), limit: 1 << 24)
            return try Safetensors.read(bytes: bytes, name: "models.safetensors.gz").to(.default)
        } catch {
            fatalError("the golden file cannot be read: \(error)")
        }
    }()

    /// The networks whose values are known.
    static let names = values.keys.filter { $0.hasSuffix("/loss") }.map { String($0.dropLast(5)) }.sorted()

    static func value(_ name: String, _ part: String) -> Tensor { values["\(name)/\(part)"]! }

    /// `offset + factor * u` with `u` in -0.5 ..< 0.5, by mixing the bits of the position.
    ///
    /// Networks have millions of weights, so this is a `while` loop over a pointer with masking shifts: ranges, `map` and
    /// generic shifts would cost a call for each in a debug build.
    static func numbers(_ count: Int, seed: Int, factor: Double, offset: Double = 0) -> [Float] {
        let start = UInt32(truncatingIfNeeded: seed * 7919 + 1)
        return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            initialized = count
            guard let numbers = buffer.baseAddress else { return }
            var position = 0
            while position < count {
                var x = (UInt32(truncatingIfNeeded: position) &+ start) &* 0x9E37_79B1
                x ^= x &>> 15
                x = x &* 0x85EB_CA77
                x ^= x &>> 13
                numbers[position] = Float(offset + factor * (Double(x &>> 8) / 16_777_216 - 0.5))
                position += 1
            }
        }
    }

    /// Weights of variance 1 / fan-in, normalisations near the identity.
    static func fill(_ model: some Module) throws {
        var state = model.stateDict
        for (position, (name, tensor)) in state.enumerated() {
            guard tensor.dtype.isFloatingPoint, !name.hasSuffix("relative_coords_table") else { continue }
            let fanIn = Shape(tensor.shape.dropFirst()).elementCount
            let isScale = tensor.rank == 1 && (name.hasSuffix("running_var") || name.hasSuffix(".weight"))
            let factor = isScale ? 0.5 : tensor.rank > 1 && fanIn > 1 ? (12 / Double(fanIn)).squareRoot() : 0.2
            let offset = isScale ? 1.0 : 0
            let values = numbers(tensor.count, seed: position, factor: factor, offset: offset)
            state[name] = Tensor(values, shape: tensor.shape)
        }
        try model.loadStateDict(state)
    }

    /// Two images.
    static func images(_ name: String) -> Tensor {
        let sizes = ["inception_v3": 96, "inception_v3_aux": 299, "vit": 24, "vit_pre_logits": 24]
        let size = sizes[name] ?? ["swin": 40, "swin_v2": 40, "lenet": 28][name] ?? 64
        let shape: Shape = [2, name == "lenet" ? 1 : 3, size, size]
        return Tensor(numbers(shape.elementCount, seed: 999, factor: 4), shape: shape)
    }

    /// The network of a case, without dropout.
    static func network(_ name: String) throws -> any Layer {
        let network = try Initialize.onMeta { try bare(name) }
        try fill(network)
        return network
    }

    private static func bare(_ name: String) throws -> any Layer {
        func vit(_ representationSize: Int?) -> VisionTransformer {
            VisionTransformer(
                imageSize: 24, patchSize: 8, layers: 3, heads: 4, width: 64, hidden: 96, classes: 10,
                representationSize: representationSize)
        }
        func swin(_ version: SwinTransformer.Version) -> SwinTransformer {
            SwinTransformer(version, 32, [2, 2], heads: [2, 4], window: 4, classes: 10)
        }
        switch name {
        case "lenet": return LeNet()
        case "vit": return vit(nil)
        case "vit_pre_logits": return vit(48)
        case "swin": return swin(.v1)
        case "swin_v2": return swin(.v2)
        case "inception_v3": return InceptionV3(classes: 10, auxLogits: false)
        case "inception_v3_aux": return InceptionV3(classes: 10)
        default: return try getModel(name, classes: 10)
        }
    }
}

extension Module {
    /// Puts the network into training mode, but not what is left to chance in it.
    func trainWithoutChance() {
        train()
        for module in modules where module is Dropout || module is StochasticDepth { module.eval() }
    }
}
