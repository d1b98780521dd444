import HearthTensor

/// The place of a node in a `PickleGraph`.
typealias PickleHandle = Int32

/// An object while a pickle is read. Objects refer to each other by their place in one array and not by reference, so
/// that circles neither leak nor recurse.
enum PickleNode {
    case none
    case bool(Bool)
    case int(Int)
    case bigInt([UInt8])
    case float(Double)
    case string(String)
    case bytes([UInt8])
    case list([PickleHandle])
    case tuple([PickleHandle])
    case set([PickleHandle])
    /// Keys and values in turn.
    case dictionary([PickleHandle], isOrdered: Bool)
    case size([PickleHandle])
    case device(String)
    case global(PickleGlobal)
    /// A place in the graph's `storages`.
    case storage(Int)
    /// A place in the graph's `tensors`.
    case tensor(Int)

    /// What errors call it.
    var typeName: String {
        switch self {
        case .none: "None"
        case .bool: "bool"
        case .int, .bigInt: "int"
        case .float: "float"
        case .string: "str"
        case .bytes: "bytes"
        case .list: "list"
        case .tuple: "tuple"
        case .set: "set"
        case .dictionary: "dict"
        case .size: "torch.Size"
        case .device: "torch.device"
        case .global: "a class or function"
        case .storage: "a storage"
        case .tensor: "a tensor"
        }
    }
}

/// All objects of one pickle.
package struct PickleGraph {
    var nodes: [PickleNode] = []
    package var storages: [StorageRecord] = []
    var tensors: [TensorRecord] = []
    var root: PickleHandle = 0

    /// A block of elements that lies elsewhere in the file.
    package struct StorageRecord {
        var key: String
        package var dtype: DType
        package var count: Int
    }

    /// How a tensor reads its storage; checked to stay inside.
    struct TensorRecord {
        var storage: Int
        var offset: Int
        var shape: Shape
        var strides: Strides
    }
}
