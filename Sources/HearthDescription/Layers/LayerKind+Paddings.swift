import HearthNN

extension LayerKind {
    /// Borders around the last dimensions.
    static let paddings: [LayerKind] = [
        LayerKind("ZeroPad1d", ["padding"]) { ZeroPad1d(try $0.border(1)) },
        LayerKind("ZeroPad2d", ["padding"]) { ZeroPad2d(try $0.border(2)) },
        LayerKind("ZeroPad3d", ["padding"]) { ZeroPad3d(try $0.border(3)) },
        LayerKind("ConstantPad1d", ["padding", "value"]) {
            ConstantPad1d(try $0.border(1), value: try $0.number("value"))
        },
        LayerKind("ConstantPad2d", ["padding", "value"]) {
            ConstantPad2d(try $0.border(2), value: try $0.number("value"))
        },
        LayerKind("ConstantPad3d", ["padding", "value"]) {
            ConstantPad3d(try $0.border(3), value: try $0.number("value"))
        },
        LayerKind("ReflectionPad1d", ["padding"]) { ReflectionPad1d(try $0.border(1)) },
        LayerKind("ReflectionPad2d", ["padding"]) { ReflectionPad2d(try $0.border(2)) },
        LayerKind("ReflectionPad3d", ["padding"]) { ReflectionPad3d(try $0.border(3)) },
        LayerKind("ReplicationPad1d", ["padding"]) { ReplicationPad1d(try $0.border(1)) },
        LayerKind("ReplicationPad2d", ["padding"]) { ReplicationPad2d(try $0.border(2)) },
        LayerKind("ReplicationPad3d", ["padding"]) { ReplicationPad3d(try $0.border(3)) },
        LayerKind("CircularPad1d", ["padding"]) { CircularPad1d(try $0.border(1)) },
        LayerKind("CircularPad2d", ["padding"]) { CircularPad2d(try $0.border(2)) },
        LayerKind("CircularPad3d", ["padding"]) { CircularPad3d(try $0.border(3)) },
    ]
}

extension LayerOptions {
    /// What is put around the last dimensions: one number, or two for each of them.
    fileprivate func border(_ rank: Int) throws(DescriptionError) -> [Int] {
        try extent("padding", 2 * rank, in: 0...Self.largestWindow)
    }
}
