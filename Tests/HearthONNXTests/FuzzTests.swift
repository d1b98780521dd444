import HearthFormats
import HearthONNX
import HearthTensor
import Testing

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Damages every golden model in many ways, and runs what can still be read. A model must be computed or throw.
@Suite struct FuzzTests {
    /// How many damaged files there are of each model; HEARTH_ONNX_MUTATIONS asks for more.
    private static let count = getenv("HEARTH_ONNX_MUTATIONS").flatMap { Int(String(cString: $0)) } ?? 60

    @Test(arguments: GoldenCase.all) func survivesDamage(golden: GoldenCase) throws {
        var random = Damage(seed: UInt64(golden.model.count))
        let clock = ContinuousClock()
        for number in 0..<Self.count {
            let bytes = random.damaged(golden.model)
            let start = clock.now
            do {
                _ = try ONNXModel(bytes: bytes, name: golden.name).run(golden.inputs)
            } catch is FormatError {} catch is ONNXError {} catch is FileError {}
            #expect(clock.now - start < .seconds(20), "mutation \(number)")
        }
    }

    /// The same with the standard's models, which use every operator; `StandardCases` says where they come from.
    @Test(.enabled(if: StandardCases.folder != nil)) func survivesDamageOfEveryOperator() throws {
        var random = Damage(seed: 1)
        var counts = (computed: 0, refused: 0)
        for golden in try StandardCases.all() {
            for _ in 0..<max(Self.count / 5, 1) {
                let bytes = random.damaged(golden.model)
                do {
                    _ = try ONNXModel(bytes: bytes, name: golden.name).run(golden.inputs)
                    counts.computed += 1
                } catch is FormatError { counts.refused += 1 } catch is ONNXError {
                    counts.refused += 1
                } catch is FileError { counts.refused += 1 }
            }
        }
        // Damage to what is only told, such as a comment, leaves a model as it is.
        #expect(counts.computed > 0 && counts.refused > counts.computed / 100, "\(counts)")
        print("computed: \(counts.computed), refused: \(counts.refused)")
    }

    /// Models and inputs that are well formed and make no sense.
    @Test func survivesNonsense() throws {
        let cases = try StandardCases.folder == nil ? GoldenCase.all : StandardCases.all()
        var random = StructuralDamage(seed: getenv("HEARTH_ONNX_SEED").flatMap { UInt64(String(cString: $0)) } ?? 3)
        let clock = ContinuousClock()
        for golden in cases {
            let valid = try ONNXModel(bytes: golden.model, name: golden.name).proto
            for _ in 0..<Self.count {
                let model = random.damaged(valid)
                let inputs = random.damaged(golden.inputs)
                let bytes = try FieldWriter.bytes(of: model)
                if let folder = getenv("HEARTH_ONNX_KEEP").map({ String(cString: $0) }) {
                    try Self.keep(bytes, inputs, golden.name, in: folder)
                }
                let start = clock.now
                do {
                    _ = try ONNXModel(bytes: bytes, name: golden.name).run(inputs)
                } catch is FormatError {} catch is ONNXError {} catch is FileError {}
                #expect(clock.now - start < .seconds(20), "\(golden.name)")
            }
        }
    }

    /// Writes what is about to be computed, for `hearth run` to do the same after a crash.
    private static func keep(_ model: [UInt8], _ inputs: [String: Tensor], _ name: String, in folder: String) throws {
        for (file, bytes) in [("m.onnx", model), ("name.txt", Array(name.utf8))] {
            let handle = fopen("\(folder)/\(file)", "w")
            bytes.withUnsafeBytes { _ = fwrite($0.baseAddress, 1, $0.count, handle) }
            fclose(handle)
        }
        try NumPyArray.write(inputs.map { ($0.key, NumPyArray($0.value)) }, npz: "\(folder)/in.npz")
    }

    @Test func survivesCuts() throws {
        let golden = try #require(GoldenCase.all.first { $0.name == "functions" })
        for end in golden.model.indices {
            do {
                _ = try ONNXModel(bytes: Array(golden.model[..<end]), name: "cut").run(golden.inputs)
            } catch is FormatError {} catch is ONNXError {}
        }
    }
}

/// Changes of bytes that are the same in every run.
struct Damage {
    private var state: UInt64

    init(seed: UInt64) { state = seed | 1 }

    private mutating func next(_ limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(max(limit, 1)))
    }

    mutating func damaged(_ valid: [UInt8]) -> [UInt8] {
        var bytes = valid
        for _ in 0...next(3) where !bytes.isEmpty {
            let place = next(bytes.count)
            switch next(6) {
            case 0: bytes[place] = UInt8(next(256))
            case 1: bytes[place] ^= 1 << UInt8(next(8))
            case 2: bytes[place] = [0, 0x7F, 0x80, 0xFF, 1][next(5)]
            case 3: bytes.remove(at: place)
            case 4: bytes.insert(UInt8(next(256)), at: place)
            default:
                let length = min(next(16), bytes.count - place)
                let source = next(bytes.count - length)
                bytes.replaceSubrange(place..<(place + length), with: bytes[source..<(source + length)])
            }
        }
        return bytes
    }
}
