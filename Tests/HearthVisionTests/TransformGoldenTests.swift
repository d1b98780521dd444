import HearthFormats
import HearthTensor
import Testing

import HearthVision

/// Every deterministic transform against torchvision's v2 functions on tensors, for bytes and floats, single pictures and
/// batches, large and with single rows and columns (`Tests/Goldens/make_transforms.py`).
@Suite struct TransformGoldenTests {
    private static let values: StateDict = {
        do {
            let bytes = try Gzip.decompress(contentsOf: Golden.path("transforms.safetensors.gz"), limit: 1 << 24)
            return try Safetensors.read(bytes: bytes, name: "transforms.safetensors.gz").to(.default)
        } catch {
            fatalError("the golden file cannot be read: \(error)")
        }
    }()

    /// The pictures of the file: `uint8 3x13x17`.
    static let pictures = values.keys.filter { !$0.contains("/") }.sorted()

    @Test(arguments: pictures) func givesWhatTorchvisionGives(picture: String) throws {
        let image = Self.values[picture]!
        let cases = Self.values.keys.filter { $0.hasPrefix(picture + "/") }
        #expect(cases.count >= 3)
        for key in cases {
            let name = String(key.dropFirst(picture.count + 1))
            let expected = Self.values[key]!
            let step = try #require(
                Self.step(name, isFloat: image.dtype.isFloatingPoint, channels: image.shape[-3]),
                "nothing is named '\(name)'")
            let found = step(image)
            #expect(found.spec == expected.spec, "\(key)")
            guard found.spec == expected.spec else { continue }
            let rule = Agreement(name, dtype: expected.dtype)
            #expect(rule.difference(found, expected) == nil, "\(key): \(rule.difference(found, expected) ?? "")")
        }
    }

    @Test(arguments: ["labels", "shares"]) func mixesAsTorchvisionDoes(kind: String) throws {
        let (images, labels) = (Self.values["mix/images"]!, Self.values["mix/\(kind)"]!)
        let (mixUp, cutMix) = (MixUp(classes: 3), CutMix(classes: 3))
        for (name, (mixed, targets)) in [
            ("mixup", mixUp.mixed(images, labels, keeping: 0.3)),
            ("cutmix", cutMix.mixed(images, labels, 1..<4, 2..<6)),
        ] {
            let rule = Agreement(name, dtype: .float32)
            let expected = (Self.values["mix/\(name)"]!, Self.values["mix/\(name) \(kind)"]!)
            try #require(mixed.spec == expected.0.spec && targets.spec == expected.1.spec, "\(name)")
            #expect(rule.difference(mixed, expected.0) == nil && rule.difference(targets, expected.1) == nil, "\(name)")
        }
    }

    /// The transform that a case of the file is of.
    private static func step(
        _ name: String, isFloat: Bool, channels: Int
    ) -> (@Sendable (Tensor) -> Tensor)? {
        let fills = [200.0, 17, 99].prefix(channels).map { isFloat ? $0 / 255 : $0 }
        let words = name.split(separator: " ").map(String.init)
        let number = words.count > 1 ? Double(words[1]) : nil
        func mode(_ at: Int) -> Interpolation { Interpolation(rawValue: words[at]) ?? .nearest }
        func simple(_ step: any Transform) -> @Sendable (Tensor) -> Tensor { { step($0) } }
        func draft(_ edit: @escaping @Sendable (inout Draft) -> Void) -> @Sendable (Tensor) -> Tensor {
            { image in
                var draft = Draft(image)
                edit(&draft)
                return draft.pixels
            }
        }
        switch words[0] {
        case "resize":
            return simple(Resize(height: Int(words[1])!, width: Int(words[2])!, interpolation: mode(3)))
        case "plain":
            return simple(
                Resize(height: Int(words[1])!, width: Int(words[2])!, interpolation: mode(3), antialias: false))
        case "shorter": return simple(Resize(Int(words[1])!, maxSize: words.count > 2 ? Int(words[2]) : nil))
        case "longer": return simple(Resize(maxSize: Int(words[1])!))
        case "part":
            let mode = mode(1)
            return draft {
                $0.crop(top: 2, left: 1, height: $0.height - 3, width: $0.width - 4)
                $0.resize(to: Scaling(height: 7, width: 12, interpolation: mode))
            }
        case "erase" where words[1] == "each":
            return draft { $0.erase(2..<6, 3..<8, with: Tensor(fills, shape: [fills.count, 1, 1])) }
        case "erase": return draft { $0.erase(2..<6, 3..<8, with: Tensor(isFloat ? 77.0 / 255 : 77)) }
        case "fills":
            let mode = mode(1)
            return draft { $0.rotate(33, by: mode, fill: fills) }
        case "policy":
            let change = Augmentation.allCases.first { $0.rawValue.lowercased() == words[1].lowercased() }!
            let bending = Augmentation.Bending(interpolation: mode(3), fill: nil, "the test")
            return draft { change.apply(Double(words[2])!, to: &$0, bending, Generator(seed: 0)) }
        case "center": return simple(CenterCrop(height: Int(words[1])!, width: Int(words[2])!))
        case "pad" where words[1] == "fill":
            return simple(Pad(left: 2, top: 1, right: 0, bottom: 1, fill: [isFloat ? 0.5 : 99]))
        case "pad" where words[1] == "fills": return simple(Pad(left: 2, top: 1, right: 0, bottom: 1, fill: fills))
        case "pad" where words[1] == "less":
            return simple(Pad(left: -2, top: 1, right: 2, bottom: -1, mode: PaddingStyle(rawValue: words[2])!))
        case "pad":
            return simple(Pad(left: 1, top: 2, right: 3, bottom: 0, mode: PaddingStyle(rawValue: words[5])!))
        case "flip": return simple(RandomHorizontalFlip(1))
        case "vertical": return simple(RandomVerticalFlip(1))
        case "five": return simple(FiveCrop(height: 5, width: 4))
        case "rotate" where words[2] == "expand":
            return draft { $0.rotate(30, by: .bilinear, expand: true, fill: [0]) }
        case "rotate" where words[2] == "about":
            return draft { $0.rotate(30, by: .bilinear, expand: true, center: (1, 2), fill: [0]) }
        case "rotate" where words[2] == "center":
            return draft { $0.rotate(30, by: .bilinear, center: (1, 2), fill: [isFloat ? 0.25 : 40]) }
        case "rotate":
            let mode = mode(2)
            return draft { $0.rotate(number!, by: mode, fill: [0]) }
        case "affine" where words[1] == "nofill":
            return draft { Affine(angle: 20, shear: (5, 0)).apply(to: &$0, by: .bilinear, fill: nil) }
        case "affine":
            let affine = [
                "move": Affine(translation: (2, -1)),
                "all": Affine(angle: 25, translation: (1, 2), scale: 1.3, shear: (10, -5)),
                "shear": Affine(scale: 0.83, shear: (20, 0)),
            ][words[1]]!
            let mode = mode(2)
            return draft { affine.apply(to: &$0, by: mode, fill: [0]) }
        case "perspective":
            let mode = mode(1)
            return draft {
                let (right, bottom) = (Double($0.width - 1), Double($0.height - 1))
                let corners = [
                    Point(x: 1, y: 2), Point(x: right - 1, y: 0), Point(x: right, y: bottom - 1),
                    Point(x: 0, y: bottom),
                ]
                $0.changePerspective(to: corners, by: mode, fill: [0])
            }
        case "elastic":
            let mode = mode(1)
            return draft {
                let (height, width) = ($0.height, $0.width)
                let y = Tensor.arange(0, height, dtype: .float32).sin().unsqueeze(1).expand(to: [height, width])
                let x = (Tensor.arange(0, width, dtype: .float32) * 0.7).cos().expand(to: [height, width])
                let columns = (y * 0.3 * Double(width) / 2).unsqueeze(0)
                $0.displace(columns, (x * 0.3 * Double(height) / 2).unsqueeze(0), by: mode, fill: [0])
            }
        case "blur" where words[1] == "wide":
            return simple(GaussianBlur(kernelWidth: 5, kernelHeight: 3, sigma: 0.8...0.8))
        case "blur": return simple(GaussianBlur(Int(words[1])!, sigma: Double(words[2])!...Double(words[2])!))
        case "brightness": return simple(AdjustBrightness(number!))
        case "contrast": return simple(AdjustContrast(number!))
        case "saturation": return simple(AdjustSaturation(number!))
        case "sharpness": return simple(AdjustSharpness(number!))
        case "gamma": return simple(AdjustGamma(number!, gain: number! < 1 ? 1 : 1.2))
        case "hue": return simple(AdjustHue(number!))
        case "posterize": return simple(Posterize(bits: Int(words[1])!))
        case "solarize": return simple(Solarize(threshold: isFloat ? 0.6 : 150))
        case "autocontrast": return simple(AutoContrast())
        case "equalize": return simple(Equalize())
        case "invert": return simple(Invert())
        case "grayscale": return simple(Grayscale(channels: words.count > 1 ? 3 : 1))
        case "uint8": return simple(ConvertDType(.uint8))
        case "float32": return simple(ConvertDType(.float32))
        default: return nil
        }
    }
}

/// How close a result must come to torchvision's.
private struct Agreement {
    /// The largest difference of two values.
    let tolerance: Double
    /// The share of values that may differ by more: at places halfway between two pixels rounding decides which is the
    /// nearest.
    let strays: Double

    init(_ name: String, dtype: DType) {
        let words = name.split(separator: " ").map(String.init)
        let bends =
            ["rotate", "affine", "perspective", "elastic", "fills"].contains(words[0])
            || words[0] == "policy" && ["ShearX", "ShearY", "TranslateX", "TranslateY", "Rotate"].contains(words[1])
        strays = bends && words.contains("nearest") ? 0.02 : 0
        switch dtype {
        case .uint8:
            // PyTorch resizes bytes with weights of 16 bits and Hearth, as PIL, of 22.
            let sizes = ["resize", "plain", "shorter", "longer", "part"]
            tolerance = bends || (sizes + ["blur", "hue", "gamma", "uint8"]).contains(words[0]) ? 1 : 0
        // Floats are bent in single precision whatever they are.
        case .float64: tolerance = bends ? 1e-4 : 5e-6
        case .float16: tolerance = words[0] == "hue" ? 8e-3 : 2e-3
        default: tolerance = bends ? 1e-4 : words[0] == "equalize" ? 1e-6 : 5e-6
        }
    }

    func difference(_ found: Tensor, _ expected: Tensor) -> String? {
        let (a, b) = (found.to(.float64).array(of: Double.self), expected.to(.float64).array(of: Double.self))
        let wrong = a.indices.filter { !(abs(a[$0] - b[$0]) <= tolerance) }
        guard Double(wrong.count) > strays * Double(a.count), let first = wrong.first else { return nil }
        return "\(wrong.count) of \(a.count) values; number \(first) is \(a[first]), expected \(b[first])"
    }
}
