import HearthTensor

/// The Python names that a PyTorch file may use. None of them is ever looked up or called: each stands for plain data
/// that this module makes itself, so a file cannot run code. Every other name is refused.
enum PickleGlobal {
    case orderedDict, counter, defaultDict, set, byteArray, encode
    /// A class of plain data, as the default of a `defaultdict` alone.
    case plainClass
    case rebuildTensor, rebuildTensorV2, rebuildParameter, rebuildParameterWithState
    case size, device
    case dtype(DType)
    case storage(DType)

    private static let plainClasses: Set<String> = [
        "dict", "list", "int", "float", "str", "bool", "tuple", "long", "unicode",
    ]

    /// The name with this module, nil when it is not on the list.
    init?(module: String, name: String) {
        switch (module, name) {
        case ("collections", "OrderedDict"): self = .orderedDict
        case ("collections", "Counter"): self = .counter
        case ("collections", "defaultdict"): self = .defaultDict
        case (let module, let name)
        where (module == "builtins" || module == "__builtin__") && Self.plainClasses.contains(name):
            self = .plainClass
        case ("builtins", "set"), ("__builtin__", "set"): self = .set
        case ("builtins", "frozenset"), ("__builtin__", "frozenset"): self = .set
        case ("builtins", "bytearray"), ("__builtin__", "bytearray"): self = .byteArray
        case ("_codecs", "encode"): self = .encode
        case ("torch._utils", "_rebuild_tensor"): self = .rebuildTensor
        case ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensorV2
        case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
        case ("torch._utils", "_rebuild_parameter_with_state"): self = .rebuildParameterWithState
        case ("torch", "Size"): self = .size
        case ("torch", "device"): self = .device
        case ("torch", _):
            if let dtype = DType(name: name) {
                self = .dtype(dtype)
            } else if let dtype = DType.allCases.first(where: { $0.torchStorage == name }) {
                self = .storage(dtype)
            } else {
                return nil
            }
        default: return nil
        }
    }
}

extension DType {
    /// PyTorch's class of a storage with elements of this type, without `torch.`.
    var torchStorage: String {
        switch self {
        case .bool: "BoolStorage"
        case .uint8: "ByteStorage"
        case .int8: "CharStorage"
        case .int16: "ShortStorage"
        case .int32: "IntStorage"
        case .int64: "LongStorage"
        case .float16: "HalfStorage"
        case .bfloat16: "BFloat16Storage"
        case .float32: "FloatStorage"
        case .float64: "DoubleStorage"
        }
    }
}
