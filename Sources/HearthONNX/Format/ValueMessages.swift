import HearthFormats

/// A named constant of a node.
package struct AttributeProto: Message {
    package var name: String = ""
    package var f: Float?
    package var i: Int?
    package var s: Bytes?
    package var t: TensorProto?
    package var g: GraphProto?
    package var floats: [Float] = []
    package var ints: [Int] = []
    package var strings: [Bytes] = []
    package var tensors: [TensorProto] = []
    package var graphs: [GraphProto] = []
    package var docString: String = ""
    package var typeProto: TypeProto?
    package var typeProtos: [TypeProto] = []
    /// Which of the fields counts: `AttributeType`.
    package var type: Int?
    /// In a function: the attribute of the call whose value this one takes.
    package var refAttrName: String = ""
    package var sparseTensor: SparseTensorProto?
    package var sparseTensors: [SparseTensorProto] = []

    package init() {}

    package mutating func fields(_ coder: inout some FieldCoder) throws(FormatError) {
        try coder.field(1, &name)
        try coder.field(2, &f)
        try coder.field(3, &i)
        try coder.field(4, &s)
        try coder.field(5, &t)
        try coder.field(6, &g)
        try coder.field(7, &floats, packed: false)
        try coder.field(8, &ints, packed: false)
        try coder.field(9, &strings)
        try coder.field(10, &tensors)
        try coder.field(11, &graphs)
        try coder.field(13, &docString)
        try coder.field(14, &typeProto)
        try coder.field(15, &typeProtos)
        try coder.field(20, &type)
        try coder.field(21, &refAttrName)
        try coder.field(22, &sparseTensor)
        try coder.field(23, &sparseTensors)
    }
}

/// A constant: its elements in `rawData`, in one of the lists, or in another file.
package struct TensorProto: Message {
    package var dims: [Int] = []
    /// The number of an `ElementType`.
    package var dataType: Int?
    package var floatData: [Float] = []
    /// Integers of at most 32 bits, bools, and halves as bits.
    package var int32Data: [Int] = []
    package var stringData: [Bytes] = []
    package var int64Data: [Int] = []
    package var name: String = ""
    /// Little-endian elements, packed.
    package var rawData: Bytes?
    package var doubleData: [Double] = []
    /// Unsigned integers of 32 and 64 bits.
    package var uint64Data: [Int] = []
    package var docString: String = ""
    /// `location`, `offset` and `length` of elements in another file.
    package var externalData: [StringEntry] = []
    /// 1 for elements in another file.
    package var dataLocation: Int?
    package var metadata: [StringEntry] = []

    package init() {}

    package mutating func fields(_ coder: inout some FieldCoder) throws(FormatError) {
        try coder.field(1, &dims, packed: false)
        try coder.field(2, &dataType)
        try coder.field(4, &floatData, packed: true)
        try coder.field(5, &int32Data, packed: true)
        try coder.field(6, &stringData)
        try coder.field(7, &int64Data, packed: true)
        try coder.field(8, &name)
        try coder.field(9, &rawData)
        try coder.field(10, &doubleData, packed: true)
        try coder.field(11, &uint64Data, packed: true)
        try coder.field(12, &docString)
        try coder.field(13, &externalData)
        try coder.field(14, &dataLocation)
        try coder.field(16, &metadata)
    }
}

/// A constant of which most elements are 0.
package struct SparseTensorProto: Message {
    package var values: TensorProto?
    /// Positions in the flattened tensor, or one row of coordinates for each value.
    package var indices: TensorProto?
    package var dims: [Int] = []

    package init() {}

    package mutating func fields(_ coder: inout some FieldCoder) throws(FormatError) {
        try coder.field(1, &values)
        try coder.field(2, &indices)
        try coder.field(3, &dims, packed: false)
    }
}

/// The name and type of a value.
package struct ValueInfoProto: Message {
    package var name: String = ""
    package var type: TypeProto?
    package var docString: String = ""
    package var metadata: [StringEntry] = []

    package init() {}

    package mutating func fields(_ coder: inout some FieldCoder) throws(FormatError) {
        try coder.field(1, &name)
        try coder.field(2, &type)
        try coder.field(3, &docString)
        try coder.field(4, &metadata)
    }
}

/// The type of a value: one of the fields is there.
package struct TypeProto: Message {
    package var tensorType: TensorTypeProto?
    package var sequenceType: ContainerTypeProto?
    package var mapType: MapTypeProto?
    package var denotation: String = ""
    package var sparseTensorType: TensorTypeProto?
    package var optionalType: ContainerTypeProto?

    package init() {}

    package mutating func fields(_ coder: inout some FieldCoder) throws(FormatError) {
        try coder.field(1, &tensorType)
        try coder.field(4, &sequenceType)
        try coder.field(5, &mapType)
        try coder.field(6, &denotation)
        try coder.field(8, &sparseTensorType)
        try coder.field(9, &optionalType)
    }
}

/// The type of a tensor.
package struct TensorTypeProto: Message {
    /// The number of an `ElementType`.
    package var elemType: Int?
    package var shape: TensorShapeProto?

    package init() {}

    package mutating func fields(_ coder: inout some FieldCoder) throws(FormatError) {
        try coder.field(1, &elemType)
        try coder.field(2, &shape)
    }
}

/// The type of a sequence or of an optional value.
package struct ContainerTypeProto: Message {
    /// One type; a list, since a structure cannot hold another of its kind.
    package var elemType: [TypeProto] = []

    package init() {}

    package mutating func fields(_ coder: inout some FieldCoder) throws(FormatError) {
        try coder.field(1, &elemType)
    }
}

/// The type of a map.
package struct MapTypeProto: Message {
    package var keyType: Int?
    package var valueType: [TypeProto] = []

    package init() {}

    package mutating func fields(_ coder: inout some FieldCoder) throws(FormatError) {
        try coder.field(1, &keyType)
        try coder.field(2, &valueType)
    }
}

/// The shape of a tensor.
package struct TensorShapeProto: Message {
    package var dims: [DimensionProto] = []

    package init() {}

    package mutating func fields(_ coder: inout some FieldCoder) throws(FormatError) {
        try coder.field(1, &dims)
    }
}

/// One size: a number, a name, or nothing.
package struct DimensionProto: Message {
    package var value: Int?
    package var parameter: String?
    package var denotation: String = ""

    package init() {}

    package mutating func fields(_ coder: inout some FieldCoder) throws(FormatError) {
        try coder.field(1, &value)
        try coder.field(2, &parameter)
        try coder.field(3, &denotation)
    }
}
