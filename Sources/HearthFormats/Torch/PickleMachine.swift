import HearthTensor

/// Reads one pickle: a program for a small stack machine, in which Python writes objects.
///
/// It knows the operations that make plain data and the names of `PickleGlobal`, and refuses everything else, so no
/// code of the file's choice can run. Time and memory are bounded by the size of the file and by `nodeLimit`.
/// The operations are described in Python's
/// [pickletools](https://github.com/python/cpython/blob/main/Lib/pickletools.py).
package struct PickleMachine {
    var cursor: ByteCursor
    var graph = PickleGraph()
    private var stack: [PickleHandle] = []
    private var marks: [Int] = []
    private var memo: [PickleHandle] = []
    /// Storages by key; a storage may be named by many tensors.
    var storagePositions: [String: Int] = [:]
    /// Objects made and elements copied so far.
    private var work = 0
    /// Where the operation that runs now lies.
    private(set) var operationStart = 0

    /// Far more objects than a checkpoint with 100,000 tensors has.
    static let nodeLimit = 1 << 23

    package init(_ cursor: ByteCursor) { self.cursor = cursor }

    /// Runs the pickle to its end and returns its objects; `cursor` is then behind it.
    package mutating func run() throws -> PickleGraph {
        while true {
            operationStart = cursor.position
            let code = try cursor.byte()
            if code == UInt8(ascii: ".") { break }
            guard let operation = PickleOperation(rawValue: code) else {
                throw error("an operation that makes plain data", "operation \(code)")
            }
            try perform(operation)
        }
        graph.root = try pop()
        return graph
    }

    func error(_ expected: String, _ found: String) -> FormatError {
        cursor.source.error(expected, found, at: operationStart)
    }

    private mutating func perform(_ operation: PickleOperation) throws {
        switch operation {
        case .proto: try readProtocol()
        case .frame: _ = try cursor.bytes(8)
        case .mark: marks.append(stack.count)
        case .pop: _ = try pop()
        case .popMark: _ = try popToMark()
        case .dup: stack.append(try top())
        case .none: try push(.none)
        case .true: try push(.bool(true))
        case .false: try push(.bool(false))
        case .binInt: try push(.int(Int(cursor.integer(Int32.self))))
        case .binInt1: try push(.int(Int(cursor.byte())))
        case .binInt2: try push(.int(Int(cursor.integer(UInt16.self))))
        case .long1: try push(long(byteCount: Int(cursor.byte())))
        case .long4: try push(long(byteCount: cursor.length(UInt32.self)))
        case .binFloat: try push(.float(Double(bitPattern: cursor.integer(UInt64.self).byteSwapped)))
        case .shortUnicode: try pushString(Int(cursor.byte()))
        case .unicode: try pushString(cursor.length(UInt32.self))
        case .unicode8: try pushString(cursor.length(UInt64.self))
        case .shortString: try pushOldString(Int(cursor.byte()))
        case .string: try pushOldString(cursor.length(UInt32.self))
        case .shortBytes: try push(.bytes(cursor.bytes(Int(cursor.byte()))))
        case .bytes: try push(.bytes(cursor.bytes(cursor.length(UInt32.self))))
        case .bytes8, .byteArray8: try push(.bytes(cursor.bytes(cursor.length(UInt64.self))))
        case .emptyList: try push(.list([]))
        case .emptyTuple: try push(.tuple([]))
        case .emptyDict: try push(.dictionary([], isOrdered: false))
        case .emptySet: try push(.set([]))
        case .list: try push(.list(popToMark()))
        case .tuple: try push(.tuple(popToMark()))
        case .frozenSet: try push(.set(popToMark()))
        case .dict: try pushDictionary(popToMark())
        case .tuple1: try push(.tuple(pop(1)))
        case .tuple2: try push(.tuple(pop(2)))
        case .tuple3: try push(.tuple(pop(3)))
        case .append: try extendList(pop(1))
        case .appends: try extendList(popToMark())
        case .addItems: try extendSet(popToMark())
        case .setItem: try extendDictionary(pop(2))
        case .setItems: try extendDictionary(popToMark())
        case .binPut: try remember(at: Int(cursor.byte()))
        case .longBinPut: try remember(at: Int(cursor.integer(UInt32.self)))
        case .memoize: try remember(at: memo.count)
        case .binGet: try recall(Int(cursor.byte()))
        case .longBinGet: try recall(Int(cursor.integer(UInt32.self)))
        case .global: try pushGlobal(module: line(), name: line())
        case .stackGlobal: try pushStackGlobal()
        case .persistentID: try push(.storage(storage(for: pop())))
        case .reduce, .newObject: try call()
        case .build: try build()
        }
    }
}

extension PickleMachine {
    /// Adds an object and returns its place.
    mutating func add(_ node: PickleNode) throws -> PickleHandle {
        try charge(1)
        graph.nodes.append(node)
        return PickleHandle(graph.nodes.count - 1)
    }

    /// Counts objects made or elements copied. A few bytes of a pickle can copy a long list again and again.
    mutating func charge(_ count: Int) throws {
        work += count
        guard work <= Self.nodeLimit else { throw error("at most \(Self.nodeLimit) objects", "more") }
    }

    mutating func push(_ node: PickleNode) throws { stack.append(try add(node)) }

    mutating func push(_ handle: PickleHandle) { stack.append(handle) }

    func node(_ handle: PickleHandle) -> PickleNode { graph.nodes[Int(handle)] }

    /// The lowest place of the stack that the operations since the last mark may take.
    private var floor: Int { marks.last ?? 0 }

    private func top() throws -> PickleHandle {
        guard stack.count > floor, let handle = stack.last else { throw error("an object on the stack", "none") }
        return handle
    }

    mutating func pop() throws -> PickleHandle {
        let handle = try top()
        stack.removeLast()
        return handle
    }

    private mutating func pop(_ count: Int) throws -> [PickleHandle] {
        guard stack.count - floor >= count else {
            throw error("\(count) objects on the stack", "\(stack.count - floor)")
        }
        defer { stack.removeLast(count) }
        return Array(stack.suffix(count))
    }

    private mutating func popToMark() throws -> [PickleHandle] {
        guard let mark = marks.popLast() else { throw error("a mark on the stack", "none") }
        defer { stack.removeLast(stack.count - mark) }
        return Array(stack[mark...])
    }

    private mutating func remember(at index: Int) throws {
        let handle = try top()
        guard index < Self.nodeLimit else { throw error("a memo place below \(Self.nodeLimit)", "\(index)") }
        while memo.count <= index { memo.append(-1) }
        memo[index] = handle
    }

    private mutating func recall(_ index: Int) throws {
        guard index < memo.count, memo[index] >= 0 else { throw error("a memo place that was filled", "\(index)") }
        stack.append(memo[index])
    }
}

extension PickleMachine {
    private mutating func readProtocol() throws {
        let version = try cursor.byte()
        guard version <= 5 else { throw error("a pickle of protocol 2 to 5", "protocol \(version)") }
    }

    /// A little-endian integer in two's complement, of any length.
    private mutating func long(byteCount: Int) throws -> PickleNode {
        var bytes = try cursor.bytes(byteCount)
        let isNegative = bytes.last.map { $0 >= 128 } ?? false
        // Bytes at the end that only repeat the sign say nothing.
        while bytes.count > 8, bytes[bytes.count - 1] == (isNegative ? 255 : 0),
            (bytes[bytes.count - 2] >= 128) == isNegative
        {
            bytes.removeLast()
        }
        if bytes.count > 8 { return .bigInt(bytes) }
        var value = isNegative ? -1 : 0
        for byte in bytes.reversed() { value = value << 8 | Int(byte) }
        return .int(value)
    }

    private mutating func pushString(_ count: Int) throws {
        guard let text = String(validating: try cursor.bytes(count), as: UTF8.self) else {
            throw error("a text in UTF-8", "other bytes")
        }
        try push(.string(text))
    }

    /// Python 2 had one type for text and bytes.
    private mutating func pushOldString(_ count: Int) throws {
        let bytes = try cursor.bytes(count)
        try push(String(validating: bytes, as: UTF8.self).map(PickleNode.string) ?? .bytes(bytes))
    }

    /// A line of text; names are short.
    private mutating func line() throws -> String {
        var bytes: [UInt8] = []
        while true {
            let byte = try cursor.byte()
            if byte == UInt8(ascii: "\n") { break }
            bytes.append(byte)
            guard bytes.count <= 256 else { throw error("a name of at most 256 bytes", "a longer one") }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private mutating func pushGlobal(module: String, name: String) throws {
        guard let global = PickleGlobal(module: module, name: name) else {
            throw error("plain data and tensors of Hearth's dtypes", "'\(module).\(name)', which is not allowed")
        }
        try push(.global(global))
    }

    private mutating func pushStackGlobal() throws {
        let parts = try pop(2)
        guard case .string(let module) = node(parts[0]), case .string(let name) = node(parts[1]) else {
            throw error("the name of a class or function", "\(node(parts[0]).typeName)")
        }
        try pushGlobal(module: String(module.prefix(256)), name: String(name.prefix(256)))
    }
}

extension PickleMachine {
    private mutating func extendList(_ elements: [PickleHandle]) throws {
        let target = Int(try top())
        guard case .list(var list) = graph.nodes[target] else {
            throw error("a list to append to", graph.nodes[target].typeName)
        }
        // The elements are taken out of the node first: an array that is referenced once grows without a copy.
        graph.nodes[target] = .none
        list += elements
        graph.nodes[target] = .list(list)
    }

    private mutating func extendSet(_ elements: [PickleHandle]) throws {
        let target = Int(try top())
        guard case .set(var set) = graph.nodes[target] else {
            throw error("a set to add to", graph.nodes[target].typeName)
        }
        graph.nodes[target] = .none
        set += elements
        graph.nodes[target] = .set(set)
    }

    private mutating func extendDictionary(_ pairs: [PickleHandle]) throws {
        let target = Int(try top())
        guard case .dictionary(var entries, let isOrdered) = graph.nodes[target], pairs.count.isMultiple(of: 2) else {
            throw error("a dictionary and pairs to add", "\(graph.nodes[target].typeName) and \(pairs.count) objects")
        }
        graph.nodes[target] = .none
        entries += pairs
        graph.nodes[target] = .dictionary(entries, isOrdered: isOrdered)
    }

    private mutating func pushDictionary(_ pairs: [PickleHandle]) throws {
        guard pairs.count.isMultiple(of: 2) else { throw error("pairs of keys and values", "\(pairs.count) objects") }
        try push(.dictionary(pairs, isOrdered: false))
    }

    /// Gives an object its attributes. An `OrderedDict` has some (a module's `_metadata`), which carry no weights.
    private mutating func build() throws {
        let state = node(try pop())
        let target = node(try top())
        guard case .dictionary = target, case .dictionary = state else {
            throw error("attributes of a dictionary", "\(state.typeName) for \(target.typeName)")
        }
    }
}

/// The operations that are allowed, by their code.
private enum PickleOperation: UInt8 {
    case proto = 0x80, frame = 0x95
    case mark = 0x28, pop = 0x30, popMark = 0x31, dup = 0x32
    case none = 0x4e, `true` = 0x88, `false` = 0x89
    case binInt = 0x4a, binInt1 = 0x4b, binInt2 = 0x4d, long1 = 0x8a, long4 = 0x8b, binFloat = 0x47
    case shortUnicode = 0x8c, unicode = 0x58, unicode8 = 0x8d, shortString = 0x55, string = 0x54
    case shortBytes = 0x43, bytes = 0x42, bytes8 = 0x8e, byteArray8 = 0x96
    case emptyList = 0x5d, list = 0x6c, append = 0x61, appends = 0x65
    case emptyTuple = 0x29, tuple = 0x74, tuple1 = 0x85, tuple2 = 0x86, tuple3 = 0x87
    case emptyDict = 0x7d, dict = 0x64, setItem = 0x73, setItems = 0x75
    case emptySet = 0x8f, addItems = 0x90, frozenSet = 0x91
    case binPut = 0x71, longBinPut = 0x72, memoize = 0x94, binGet = 0x68, longBinGet = 0x6a
    case global = 0x63, stackGlobal = 0x93, persistentID = 0x51
    case reduce = 0x52, newObject = 0x81, build = 0x62
}
