import CKernels
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Where a tensor's elements live and where its operations run: a kind of device, and which one of that kind.
///
///     let device = Device.default              // the processor, unless HEARTH_DEVICE says otherwise
///     let x = Tensor.zeros([64, 784], device: device)
///     let y = x.to(.meta)                       // the shape alone
///
/// PyTorch's `torch.device`.
public struct Device: Hashable, Sendable {
    /// What a device is: the processor, a GPU, or nothing but shapes.
    public struct Kind: Hashable, Sendable {
        let code: UInt8

        /// This machine's processor and memory.
        public static let cpu = Kind(code: 0)
        /// Nowhere: tensors have a shape and a dtype but no elements. Used to check shapes without computing.
        public static let meta = Kind(code: 1)
    }

    // One number, so that operands can carry a device in a register.
    private let word: UInt16

    /// What the device is.
    public var kind: Kind { Kind(code: UInt8(word >> 8)) }

    /// Which one of its kind, from 0.
    public var index: Int { Int(word & 0xFF) }

    /// The device with this number among those of a kind.
    public init(_ kind: Kind, index: Int = 0) { word = UInt16(kind.code) << 8 | UInt16(UInt8(clamping: index)) }

    private init(word: UInt16) { self.word = word }

    /// No device: what operands on several ones have together.
    static let several = Device(word: .max)

    /// This machine's processor and memory.
    public static let cpu = Device(.cpu)
    /// Nowhere: tensors have a shape and a dtype but no elements. Used to check shapes without computing.
    public static let meta = Device(.meta)
}

// MARK: The device of new tensors

extension Device {
    /// Where tensors are made when nothing else is said: what `withDevice` has set for this thread, else what was set
    /// here, else what the environment variable `HEARTH_DEVICE` names, else the processor.
    ///
    /// PyTorch's `torch.get_default_device` and `torch.set_default_device`. Stops the program when `HEARTH_DEVICE` names
    /// a device that this program does not have.
    public static var `default`: Device {
        get {
            let scoped = hk_thread().pointee.device
            return Device(word: scoped < 0 ? everywhere.load(ordering: .relaxed) : UInt16(truncatingIfNeeded: scoped))
        }
        set { everywhere.store(newValue.word, ordering: .relaxed) }
    }

    private static let everywhere = Atomic<UInt16>(fromEnvironment.word)

    private static var fromEnvironment: Device {
        guard let name = getenv("HEARTH_DEVICE").map({ String(cString: $0) }), !name.isEmpty else { return .cpu }
        do { return try Device(name) } catch { fatalError("HEARTH_DEVICE: \(error)") }
    }

    /// The device as the state of a thread keeps it.
    fileprivate var scope: Int32 { Int32(word) }
}

/// Runs `body` with `device` as the default of this thread: tensors that it makes without naming a device are made there.
///
/// PyTorch's `with torch.device(…)`.
public func withDevice<Result, Failure: Error>(
    _ device: Device, _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
    let outer = hk_thread().pointee.device
    hk_thread().pointee.device = device.scope
    defer { hk_thread().pointee.device = outer }
    return try body()
}

// MARK: Names

/// A device's name that this program does not know.
public struct DeviceError: Error, CustomStringConvertible {
    /// What was asked for.
    public let name: String
    /// The names of the kinds that this program has.
    public let known: [String]

    /// The error in words.
    public var description: String {
        "unknown device '\(name)'; this program has \(known.map { "'\($0)'" }.joined(separator: ", "))"
    }
}

extension Device.Kind: CustomStringConvertible {
    private static let names = Mutex(["cpu", "meta"])

    /// PyTorch's name of the kind: `cpu`.
    public var description: String {
        // What operands on several devices have together is of no kind.
        Self.names.withLock { $0.indices.contains(Int(code)) ? $0[Int(code)] : "several" }
    }

    /// The kind with this name; nil when this program has none.
    init?(name: String) {
        guard let code = Self.names.withLock({ $0.firstIndex(of: name) }) else { return nil }
        self.code = UInt8(code)
    }

    /// A new kind of device, or the one that has this name already.
    static func named(_ name: String) -> Device.Kind {
        names.withLock { names in
            if let code = names.firstIndex(of: name) { return Device.Kind(code: UInt8(code)) }
            names.append(name)
            return Device.Kind(code: UInt8(names.count - 1))
        }
    }

    fileprivate static var known: [String] { names.withLock { $0 } }
}

extension Device: CustomStringConvertible {
    /// PyTorch's name of the device: `cpu`; of one among several, its number too: `cuda:1`.
    public var description: String { self == .cpu || self == .meta ? "\(kind)" : "\(kind):\(index)" }

    /// The device with PyTorch's name, `cpu` or `cuda:1`; without a number the first of its kind. Throws `DeviceError`
    /// when this program has no such device.
    public init(_ name: String) throws(DeviceError) {
        let parts = name.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let kind = Kind(name: String(parts[0])), let index = parts.count == 1 ? 0 : UInt8(parts[1]) else {
            throw DeviceError(name: name, known: Kind.known)
        }
        self.init(kind, index: Int(index))
    }
}
