import CVendor

/// oneDNN's primitives, where the difference between its versions 2 and 3 ends: what they take, how they are made and
/// run is the same for everyone above.
///
/// Unchecked because of the raw handles: the engine and the attributes never change after `init`.
final class PrimitiveLibrary: @unchecked Sendable {
    let engine: hv_dnnl
    private let attributes: hv_dnnl
    private let version: Version
    private let streamCreate: hv_dnnl_stream_create
    private let streamDestroy: hv_dnnl_destroy
    private let memoryByStrides: hv_dnnl_memory_by_strides
    private let memoryByTag: hv_dnnl_memory_by_tag
    private let memorySize: hv_dnnl_memory_size
    private let memoryEqual: hv_dnnl_memory_equal
    private let memoryCreate: hv_dnnl_memory_create
    private let memoryDestroy: hv_dnnl_destroy
    private let queryFormat: hv_dnnl_query
    private let descriptionDestroy: hv_dnnl_destroy
    private let primitiveCreate: hv_dnnl_primitive_create
    private let primitiveDestroy: hv_dnnl_destroy
    private let primitiveExecute: hv_dnnl_primitive_execute
    private let reorder: hv_dnnl_reorder
    fileprivate let attributesCreate: hv_dnnl_attributes_create
    fileprivate let setScratchpad: hv_dnnl_attributes_set
    fileprivate let appending: Appending?

    /// The functions that differ.
    fileprivate enum Version {
        case two(
            forward: hv_dnnl2_forward, data: hv_dnnl2_backward_data, weights: hv_dnnl2_backward_weights,
            describe: hv_dnnl2_describe)
        case three(
            forward: hv_dnnl3_forward, data: hv_dnnl3_backward_data, weights: hv_dnnl3_backward_weights,
            destroyMemory: hv_dnnl_destroy)
    }

    /// nil when a function is missing.
    init?(_ library: NativeLibrary) {
        guard
            let version = Self.version(library),
            let engineCreate = library.function("dnnl_engine_create", as: hv_dnnl_engine_create.self),
            let attributesCreate = library.function("dnnl_primitive_attr_create", as: hv_dnnl_attributes_create.self),
            let setScratchpad = library.function(
                "dnnl_primitive_attr_set_scratchpad_mode", as: hv_dnnl_attributes_set.self),
            let streamCreate = library.function("dnnl_stream_create", as: hv_dnnl_stream_create.self),
            let streamDestroy = library.function("dnnl_stream_destroy", as: hv_dnnl_destroy.self),
            let memoryByStrides =
                library.function("dnnl_memory_desc_init_by_strides", as: hv_dnnl_memory_by_strides.self)
                ?? library.function("dnnl_memory_desc_create_with_strides", as: hv_dnnl_memory_by_strides.self),
            let memoryByTag =
                library.function("dnnl_memory_desc_init_by_tag", as: hv_dnnl_memory_by_tag.self)
                ?? library.function("dnnl_memory_desc_create_with_tag", as: hv_dnnl_memory_by_tag.self),
            let memorySize = library.function("dnnl_memory_desc_get_size", as: hv_dnnl_memory_size.self),
            let memoryEqual = library.function("dnnl_memory_desc_equal", as: hv_dnnl_memory_equal.self),
            let memoryCreate = library.function("dnnl_memory_create", as: hv_dnnl_memory_create.self),
            let memoryDestroy = library.function("dnnl_memory_destroy", as: hv_dnnl_destroy.self),
            let queryFormat = library.function("dnnl_primitive_desc_query_md", as: hv_dnnl_query.self),
            let descriptionDestroy = library.function("dnnl_primitive_desc_destroy", as: hv_dnnl_destroy.self),
            let primitiveCreate = library.function("dnnl_primitive_create", as: hv_dnnl_primitive_create.self),
            let primitiveDestroy = library.function("dnnl_primitive_destroy", as: hv_dnnl_destroy.self),
            let primitiveExecute = library.function("dnnl_primitive_execute", as: hv_dnnl_primitive_execute.self),
            let reorder = library.function("dnnl_reorder_primitive_desc_create", as: hv_dnnl_reorder.self)
        else { return nil }
        var engine: hv_dnnl?
        var attributes: hv_dnnl?
        guard engineCreate(&engine, Int32(HV_DNNL_CPU), 0) == 0, let engine,
            attributesCreate(&attributes) == 0, let attributes,
            // Working memory is ours, so that one primitive may run on several threads at once.
            setScratchpad(attributes, Int32(HV_DNNL_SCRATCHPAD_USER)) == 0
        else { return nil }
        self.engine = engine
        self.attributes = attributes
        self.version = version
        self.streamCreate = streamCreate
        self.streamDestroy = streamDestroy
        self.memoryByStrides = memoryByStrides
        self.memoryByTag = memoryByTag
        self.memorySize = memorySize
        self.memoryEqual = memoryEqual
        self.memoryCreate = memoryCreate
        self.memoryDestroy = memoryDestroy
        self.queryFormat = queryFormat
        self.descriptionDestroy = descriptionDestroy
        self.primitiveCreate = primitiveCreate
        self.primitiveDestroy = primitiveDestroy
        self.primitiveExecute = primitiveExecute
        self.reorder = reorder
        self.attributesCreate = attributesCreate
        self.setScratchpad = setScratchpad
        appending = Appending(library, version)
    }

    private static func version(_ library: NativeLibrary) -> Version? {
        if let describe = library.function("dnnl_primitive_desc_create", as: hv_dnnl2_describe.self),
            let forward = library.function(
                "dnnl_dilated_convolution_forward_desc_init", as: hv_dnnl2_forward.self),
            let data = library.function(
                "dnnl_dilated_convolution_backward_data_desc_init", as: hv_dnnl2_backward_data.self),
            let weights = library.function(
                "dnnl_dilated_convolution_backward_weights_desc_init", as: hv_dnnl2_backward_weights.self)
        {
            return .two(forward: forward, data: data, weights: weights, describe: describe)
        }
        guard
            let forward = library.function(
                "dnnl_convolution_forward_primitive_desc_create", as: hv_dnnl3_forward.self),
            let data = library.function(
                "dnnl_convolution_backward_data_primitive_desc_create", as: hv_dnnl3_backward_data.self),
            let weights = library.function(
                "dnnl_convolution_backward_weights_primitive_desc_create", as: hv_dnnl3_backward_weights.self),
            let destroyMemory = library.function("dnnl_memory_desc_destroy", as: hv_dnnl_destroy.self)
        else { return nil }
        return .three(forward: forward, data: data, weights: weights, destroyMemory: destroyMemory)
    }
}

// MARK: - What follows a computation

extension PrimitiveLibrary {
    /// The functions that put steps behind a primitive.
    fileprivate struct Appending {
        let create: hv_dnnl_post_ops_create
        let destroy: hv_dnnl_destroy
        let set: hv_dnnl_set_post_ops
        /// Appends a function by its number in version 2 and in version 3.
        let function: (hv_dnnl, (two: Int32, three: Int32), Float, Float) -> Int32
        let addition: (hv_dnnl) -> Int32

        init?(_ library: NativeLibrary, _ version: Version) {
            guard let create = library.function("dnnl_post_ops_create", as: hv_dnnl_post_ops_create.self),
                let destroy = library.function("dnnl_post_ops_destroy", as: hv_dnnl_destroy.self),
                let set = library.function("dnnl_primitive_attr_set_post_ops", as: hv_dnnl_set_post_ops.self)
            else { return nil }
            (self.create, self.destroy, self.set) = (create, destroy, set)
            switch version {
            case .two:
                guard
                    let append = library.function("dnnl_post_ops_append_eltwise", as: hv_dnnl2_append_eltwise.self),
                    let sum = library.function("dnnl_post_ops_append_sum", as: hv_dnnl2_append_sum.self)
                else { return nil }
                function = { append($0, 1, $1.two, $2, $3) }
                addition = { sum($0, 1) }
            case .three:
                guard
                    let append = library.function("dnnl_post_ops_append_eltwise", as: hv_dnnl3_append_eltwise.self),
                    let sum = library.function("dnnl_post_ops_append_sum", as: hv_dnnl3_append_sum.self)
                else { return nil }
                function = { append($0, $1.three, $2, $3) }
                addition = { sum($0, 1, 0, Int32(HV_DNNL_FLOAT32)) }
            }
        }
    }

    /// Steps that a primitive is planned with. Kept for good: a program has a handful of kinds.
    final class Following {
        fileprivate let attributes: hv_dnnl

        /// nil where the library cannot do that.
        init?(_ steps: [FollowingStep], _ library: PrimitiveLibrary) {
            guard let appending = library.appending else { return nil }
            var (operations, attributes): (hv_dnnl?, hv_dnnl?) = (nil, nil)
            guard appending.create(&operations) == 0, let operations, library.attributesCreate(&attributes) == 0,
                let attributes, library.setScratchpad(attributes, Int32(HV_DNNL_SCRATCHPAD_USER)) == 0
            else { return nil }
            defer { _ = appending.destroy(operations) }
            for step in steps {
                let status =
                    switch step {
                    case .relu: appending.function(operations, (Int32(HV_DNNL2_RELU), Int32(HV_DNNL3_RELU)), 0, 0)
                    case .silu: appending.function(operations, (Int32(HV_DNNL2_SWISH), Int32(HV_DNNL3_SWISH)), 1, 0)
                    case .clamp(let low, let high):
                        appending.function(
                            operations, (Int32(HV_DNNL2_CLIP), Int32(HV_DNNL3_CLIP)), Float(low), Float(high))
                    case .addition: appending.addition(operations)
                    }
                if status != 0 { return nil }
            }
            guard appending.set(attributes, operations) == 0 else { return nil }
            self.attributes = attributes
        }
    }
}

// MARK: - How elements lie in memory

extension PrimitiveLibrary {
    /// How the elements of a tensor lie in memory, in oneDNN's words.
    final class Format {
        fileprivate let handle: UnsafeRawPointer
        private let release: () -> Void

        fileprivate init(_ handle: UnsafeRawPointer, release: @escaping () -> Void) {
            self.handle = handle
            self.release = release
        }

        deinit { release() }
    }

    /// Float32 elements one after another, the last dimension fastest.
    func plainFormat(_ sizes: [Int]) -> Format? {
        var strides = sizes
        var step = 1
        for i in sizes.indices.reversed() {
            strides[i] = step
            step *= sizes[i]
        }
        let numbers = strides.map(Int64.init)
        return format { [memoryByStrides] in
            memoryByStrides($0, Int32(sizes.count), sizes.map(Int64.init), Int32(HV_DNNL_FLOAT32), numbers)
        }
    }

    /// Float32 elements in the order that suits the primitive.
    func anyFormat(_ sizes: [Int]) -> Format? {
        format { [memoryByTag] in
            memoryByTag(
                $0, Int32(sizes.count), sizes.map(Int64.init), Int32(HV_DNNL_FLOAT32), Int32(HV_DNNL_TAG_ANY))
        }
    }

    private func format(_ fill: (UnsafeMutableRawPointer) -> Int32) -> Format? {
        switch version {
        case .two:
            let block = UnsafeMutableRawPointer.allocate(byteCount: Int(HV_DNNL_MEMORY_BYTES), alignment: 16)
            block.initializeMemory(as: UInt8.self, repeating: 0, count: Int(HV_DNNL_MEMORY_BYTES))
            guard fill(block) == 0 else {
                block.deallocate()
                return nil
            }
            return Format(block) { block.deallocate() }
        case .three(_, _, _, let destroy):
            var handle: hv_dnnl?
            guard withUnsafeMutablePointer(to: &handle, { fill(UnsafeMutableRawPointer($0)) }) == 0, let handle else {
                return nil
            }
            return Format(handle) { _ = destroy(handle) }
        }
    }

    /// The bytes that a tensor in this format takes.
    func byteCount(_ format: Format) -> Int { memorySize(format.handle) }

    /// True when both formats place elements alike.
    func areEqual(_ a: Format, _ b: Format) -> Bool { memoryEqual(a.handle, b.handle) != 0 }
}

// MARK: - Primitives

extension PrimitiveLibrary {
    /// A computation, planned for certain sizes.
    final class Primitive {
        fileprivate let handle: hv_dnnl
        private let description: hv_dnnl
        private unowned let library: PrimitiveLibrary
        /// The working memory that it needs; nil when none.
        fileprivate let scratch: (format: Format, byteCount: Int)?

        fileprivate init?(_ library: PrimitiveLibrary, _ description: hv_dnnl) {
            var handle: hv_dnnl?
            guard library.primitiveCreate(&handle, description) == 0, let handle else {
                _ = library.descriptionDestroy(description)
                return nil
            }
            self.handle = handle
            self.description = description
            self.library = library
            let format = library.queryFormat(description, Int32(HV_DNNL_QUERY_SCRATCHPAD), 0).map { Format($0) {} }
            let byteCount = format.map(library.byteCount) ?? 0
            scratch = byteCount > 0 ? (format!, byteCount) : nil
        }

        deinit {
            _ = library.primitiveDestroy(handle)
            _ = library.descriptionDestroy(description)
        }

        /// The format that it has chosen for one of its tensors; nil when it has no such tensor.
        func format(_ query: Int) -> Format? {
            library.queryFormat(description, Int32(query), 0).map { Format($0) { [self] in _ = self } }
        }

        fileprivate var hint: hv_dnnl { description }
    }

    /// The three computations of a convolution.
    enum Propagation { case forward, data, weights }

    /// The sizes of a convolution and its formats.
    struct Convolution {
        let source: Format
        let weights: Format
        let bias: Format?
        let result: Format
        let strides: [Int64]
        let dilations: [Int64]
        let before: [Int64]
        let after: [Int64]
    }

    /// Plans a convolution. Gradients need the plan of the forward computation as a hint.
    /// - Parameter following: What is done with the result in the same pass; nil for nothing.
    func convolution(
        _ propagation: Propagation, algorithm: Int, _ c: Convolution, hint: Primitive? = nil,
        following: Following? = nil
    ) -> Primitive? {
        let attributes = following?.attributes ?? attributes
        let algorithm = Int32(algorithm)
        let (source, weights, result) = (c.source.handle, c.weights.handle, c.result.handle)
        var description: hv_dnnl?
        var status: Int32 = -1
        switch version {
        case .two(let forward, let data, let gradient, let describe):
            withUnsafeTemporaryAllocation(byteCount: Int(HV_DNNL_OPERATION_BYTES), alignment: 16) { block in
                block.initializeMemory(as: UInt8.self, repeating: 0)
                let operation = block.baseAddress!
                switch propagation {
                case .forward:
                    status = forward(
                        operation, Int32(HV_DNNL_FORWARD_TRAINING), algorithm, source, weights, c.bias?.handle, result,
                        c.strides, c.dilations, c.before, c.after)
                case .data:
                    status = data(
                        operation, algorithm, source, weights, result, c.strides, c.dilations, c.before, c.after)
                case .weights:
                    status = gradient(
                        operation, algorithm, source, weights, c.bias?.handle, result, c.strides, c.dilations,
                        c.before, c.after)
                }
                if status == 0 { status = describe(&description, operation, attributes, engine, hint?.hint) }
            }
        case .three(let forward, let data, let gradient, _):
            switch propagation {
            case .forward:
                status = forward(
                    &description, engine, Int32(HV_DNNL_FORWARD_TRAINING), algorithm, source, weights, c.bias?.handle,
                    result, c.strides, c.dilations, c.before, c.after, attributes)
            case .data:
                status = data(
                    &description, engine, algorithm, source, weights, result, c.strides, c.dilations, c.before,
                    c.after, hint?.hint, attributes)
            case .weights:
                status = gradient(
                    &description, engine, algorithm, source, weights, c.bias?.handle, result, c.strides, c.dilations,
                    c.before, c.after, hint?.hint, attributes)
            }
        }
        guard status == 0, let description else { return nil }
        return Primitive(self, description)
    }

    /// Plans the move of a tensor from one format to another.
    func reorder(from: Format, to: Format) -> Primitive? {
        var description: hv_dnnl?
        guard reorder(&description, from.handle, engine, to.handle, engine, attributes) == 0, let description else {
            return nil
        }
        return Primitive(self, description)
    }

    /// One tensor that a primitive reads or writes.
    struct Argument {
        let index: Int
        let format: Format
        let data: UnsafeMutableRawPointer
    }

    /// Runs a primitive on the calling thread's team.
    func run(_ primitive: Primitive, _ arguments: [Argument]) {
        Team.shared.adopt()
        var stream: hv_dnnl?
        guard streamCreate(&stream, engine, UInt32(HV_DNNL_STREAM_IN_ORDER)) == 0, let stream else {
            fatalError("oneDNN cannot make a stream: the machine is out of memory")
        }
        defer { _ = streamDestroy(stream) }
        let storage = primitive.scratch.map { Storage(byteCount: $0.byteCount, in: CachingAllocator.shared) }
        var all = arguments
        if let scratch = primitive.scratch, let storage {
            all.append(Argument(index: Int(HV_DNNL_ARG_SCRATCHPAD), format: scratch.format, data: storage.address))
        }
        let list = all.map { argument in
            var memory: hv_dnnl?
            guard memoryCreate(&memory, argument.format.handle, engine, argument.data) == 0 else {
                fatalError("oneDNN refuses a tensor: the machine is out of memory")
            }
            return hv_dnnl_argument(index: Int32(argument.index), memory: memory)
        }
        let status = withExtendedLifetime(storage) {
            primitiveExecute(primitive.handle, stream, Int32(list.count), list)
        }
        for argument in list { _ = memoryDestroy(argument.memory) }
        if status != 0 { fatalError("oneDNN could not run a primitive: status \(status)") }
    }
}
