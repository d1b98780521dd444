import HearthTensor
import Testing

import HearthFormats

/// Damages every golden file in thousands of ways. A reader must return or throw; a crash ends the test.
@Suite struct FuzzTests {
    private static let torch = [
        "dtypes.pth", "dtypes_legacy.pth", "dtypes_legacy4.pth", "dtypes_big.pth", "dtypes_nochecksum.pth",
        "views.pth", "views_legacy.pth", "checkpoint.pth", "checkpoint_legacy.pth", "checkpoint_deflated.pth",
        "checkpoint_protocol4.pth",
    ]
    private static let other = [
        "dtypes.safetensors", "dtypes.npz", "dtypes_compressed.npz", "version1.npy", "version3.npy", "fortran.npy",
        "big_fortran.npy", "int16.idx", "int16.idx.gz", "members.idx.gz",
    ]

    @Test(arguments: torch + other) func survivesDamage(name: String) throws {
        let valid = try Golden.bytes(name)
        let donor = try Golden.bytes(name.hasSuffix(".pth") ? "views.pth" : "dtypes.npz")
        var damage = Damage(seed: UInt64(valid.count))
        let clock = ContinuousClock()
        try read(name, valid)
        for _ in 0..<2_000 {
            let bytes = damage.apply(to: valid, donor: donor)
            let start = clock.now
            do { try read(name, bytes) } catch is FormatError {}
            let time = clock.now - start
            #expect(time < .seconds(1))
        }
    }

    /// The pickles alone, since most damage to a zip file stops at its checksums.
    @Test(arguments: ["checkpoint.pth", "views.pth", "checkpoint_protocol4.pth"])
    func survivesDamagedPickles(name: String) throws {
        let archive = try ZipArchive(ByteSource(path: Golden.path(name)), inflatedLimit: nil)
        let entry = try #require(archive.entries.first { $0.name.hasSuffix("data.pkl") })
        let valid = try archive.bytes(of: entry)
        var damage = Damage(seed: 7)
        for _ in 0..<10_000 {
            let bytes = damage.apply(to: valid, donor: valid)
            let source = ByteSource(bytes, name: name)
            do {
                var machine = PickleMachine(ByteCursor(source))
                let graph = try machine.run()
                let storages = graph.storages.map { Tensor.make([min($0.count, 1 << 10)], $0.dtype) { _ in } }
                if zip(graph.storages, storages).allSatisfy({ $0.count == $1.count }) {
                    _ = try PickleTree.value(graph, storages: storages, source: source)
                }
            } catch is FormatError {}
        }
    }

    private func read(_ name: String, _ bytes: [UInt8]) throws {
        if name.hasSuffix(".pth") {
            touch(try TorchFile.read(bytes: bytes))
        } else if name.hasSuffix(".safetensors") {
            try Safetensors.read(bytes: bytes).forEach { touch($0.tensor) }
        } else if name.hasSuffix(".npz") {
            try NPZ.read(bytes: bytes).forEach { touch($0.tensor) }
        } else if name.hasSuffix(".npy") {
            touch(try NPY.read(bytes: bytes))
        } else {
            touch(try IDX.read(bytes: bytes))
        }
    }

    /// Reads every element, so that one outside its storage would be noticed.
    private func touch(_ value: PickleValue) {
        switch value {
        case .tensor(let tensor): touch(tensor)
        case .list(let elements), .tuple(let elements), .set(let elements): elements.forEach(touch)
        case .dictionary(let dictionary): dictionary.forEach { touch($0.value) }
        default: break
        }
    }

    private func touch(_ tensor: Tensor) {
        if tensor.count <= 1 << 16 { _ = tensor.elements }
    }
}

/// Makes damaged copies, the same ones in every run.
private struct Damage: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    mutating func apply(to valid: [UInt8], donor: [UInt8]) -> [UInt8] {
        var bytes = valid
        for _ in 0..<Int.random(in: 1...3, using: &self) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &self)
            switch Int.random(in: 0..<7, using: &self) {
            case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &self)
            case 1: bytes[place] = UInt8.random(in: 0...255, using: &self)
            case 2: bytes.removeLast(bytes.count - place)
            case 3: bytes.removeSubrange(place..<min(bytes.count, place + 9))
            case 4: splice(&bytes, at: place, donor)
            case 5: writeExtreme(&bytes, at: place)
            default: swapParts(&bytes, at: place)
            }
        }
        return bytes
    }

    private mutating func splice(_ bytes: inout [UInt8], at place: Int, _ donor: [UInt8]) {
        let start = Int.random(in: 0..<donor.count, using: &self)
        let part = donor[start..<min(donor.count, start + Int.random(in: 1...64, using: &self))]
        if Bool.random(using: &self) {
            bytes.insert(contentsOf: part, at: place)
        } else {
            bytes.replaceSubrange(place..<min(bytes.count, place + part.count), with: part)
        }
    }

    /// A length at its limits: 0, the largest, the largest positive, the smallest negative.
    private mutating func writeExtreme(_ bytes: inout [UInt8], at place: Int) {
        let size = [1, 2, 4, 8].randomElement(using: &self) ?? 1
        let extremes: [UInt64] = [0, .max, UInt64(Int64.max), 1 << 63, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe]
        let value = extremes.randomElement(using: &self) ?? 0
        for index in 0..<size where place + index < bytes.count {
            bytes[place + index] = UInt8(truncatingIfNeeded: value >> UInt64(index * 8))
        }
    }

    private mutating func swapParts(_ bytes: inout [UInt8], at place: Int) {
        let other = Int.random(in: 0..<bytes.count, using: &self)
        for index in 0..<8 where max(place, other) + index < bytes.count {
            bytes.swapAt(place + index, other + index)
        }
    }
}
