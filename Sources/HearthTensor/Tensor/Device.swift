/// Where a tensor's elements live and where its operations run.
public enum Device: Hashable, Sendable {
    /// This machine's processor and memory.
    case cpu
    /// Nowhere: tensors have a shape and a dtype but no elements. Used to check shapes without computing.
    case meta
}

/// A device's name that this build does not know.
public struct DeviceError: Error, CustomStringConvertible {
    /// What was asked for.
    public let name: String

    /// The error in words.
    public var description: String { "unknown device '\(name)'; this build has 'cpu' and 'meta'" }
}

extension Device: CustomStringConvertible {
    /// PyTorch's name of the device: `cpu`.
    public var description: String {
        switch self {
        case .cpu: "cpu"
        case .meta: "meta"
        }
    }

    /// The device with PyTorch's name. Throws `DeviceError` when this build has no such device.
    public init(_ name: String) throws(DeviceError) {
        switch name {
        case "cpu": self = .cpu
        case "meta": self = .meta
        default: throw DeviceError(name: name)
        }
    }
}
