import HearthNN
import HearthTensor

/// Branches over one input whose results are put side by side.
final class InceptionBlock: Module, Layer {
    /// Layers in a row, of which the last ones may stand side by side.
    struct Branch {
        var pooling: (any Layer)?
        var steps: [(name: String, layer: BasicConv2d)] = []
        var fork: [(name: String, layer: BasicConv2d)] = []

        func callAsFunction(_ x: Tensor) -> Tensor {
            let y = steps.reduce(pooling.map { $0(x) } ?? x) { $1.layer($0) }
            return fork.isEmpty ? y : Tensor.cat(fork.map { $0.layer(y) }, dim: 1)
        }
    }

    private let branches: [Branch]

    private init(_ branches: [Branch]) { self.branches = branches }

    override var namedChildren: [(name: String, module: Module)] {
        branches.flatMap { branch in (branch.steps + branch.fork).map { ($0.name, $0.layer) } }
    }

    func forward(_ x: Tensor) -> Tensor { Tensor.cat(branches.map { $0(x) }, dim: 1) }
}

// The paper's figures 5, 6 and 7, and the blocks between them that halve the size.
extension InceptionBlock {
    static func a(_ inputs: Int, pooled: Int) -> InceptionBlock {
        InceptionBlock([
            Branch(steps: [("branch1x1", BasicConv2d(inputs, 64, kernelSize: 1))]),
            Branch(steps: [
                ("branch5x5_1", BasicConv2d(inputs, 48, kernelSize: 1)),
                ("branch5x5_2", BasicConv2d(48, 64, kernelSize: 5, padding: 2)),
            ]),
            Branch(steps: [
                ("branch3x3dbl_1", BasicConv2d(inputs, 64, kernelSize: 1)),
                ("branch3x3dbl_2", BasicConv2d(64, 96, kernelSize: 3, padding: 1)),
                ("branch3x3dbl_3", BasicConv2d(96, 96, kernelSize: 3, padding: 1)),
            ]),
            pooledBranch(inputs, pooled),
        ])
    }

    static func b(_ inputs: Int) -> InceptionBlock {
        InceptionBlock([
            Branch(steps: [("branch3x3", BasicConv2d(inputs, 384, kernelSize: 3, stride: 2))]),
            Branch(steps: [
                ("branch3x3dbl_1", BasicConv2d(inputs, 64, kernelSize: 1)),
                ("branch3x3dbl_2", BasicConv2d(64, 96, kernelSize: 3, padding: 1)),
                ("branch3x3dbl_3", BasicConv2d(96, 96, kernelSize: 3, stride: 2)),
            ]),
            Branch(pooling: MaxPool2d(3, stride: 2)),
        ])
    }

    static func c(_ inputs: Int, _ width: Int) -> InceptionBlock {
        InceptionBlock([
            Branch(steps: [("branch1x1", BasicConv2d(inputs, 192, kernelSize: 1))]),
            Branch(steps: [
                ("branch7x7_1", BasicConv2d(inputs, width, kernelSize: 1)),
                ("branch7x7_2", row(width, width, 7)), ("branch7x7_3", column(width, 192, 7)),
            ]),
            Branch(steps: [
                ("branch7x7dbl_1", BasicConv2d(inputs, width, kernelSize: 1)),
                ("branch7x7dbl_2", column(width, width, 7)), ("branch7x7dbl_3", row(width, width, 7)),
                ("branch7x7dbl_4", column(width, width, 7)), ("branch7x7dbl_5", row(width, 192, 7)),
            ]),
            pooledBranch(inputs, 192),
        ])
    }

    static func d(_ inputs: Int) -> InceptionBlock {
        InceptionBlock([
            Branch(steps: [
                ("branch3x3_1", BasicConv2d(inputs, 192, kernelSize: 1)),
                ("branch3x3_2", BasicConv2d(192, 320, kernelSize: 3, stride: 2)),
            ]),
            Branch(steps: [
                ("branch7x7x3_1", BasicConv2d(inputs, 192, kernelSize: 1)),
                ("branch7x7x3_2", row(192, 192, 7)), ("branch7x7x3_3", column(192, 192, 7)),
                ("branch7x7x3_4", BasicConv2d(192, 192, kernelSize: 3, stride: 2)),
            ]),
            Branch(pooling: MaxPool2d(3, stride: 2)),
        ])
    }

    static func e(_ inputs: Int) -> InceptionBlock {
        InceptionBlock([
            Branch(steps: [("branch1x1", BasicConv2d(inputs, 320, kernelSize: 1))]),
            Branch(
                steps: [("branch3x3_1", BasicConv2d(inputs, 384, kernelSize: 1))],
                fork: [("branch3x3_2a", row(384, 384, 3)), ("branch3x3_2b", column(384, 384, 3))]),
            Branch(
                steps: [
                    ("branch3x3dbl_1", BasicConv2d(inputs, 448, kernelSize: 1)),
                    ("branch3x3dbl_2", BasicConv2d(448, 384, kernelSize: 3, padding: 1)),
                ],
                fork: [("branch3x3dbl_3a", row(384, 384, 3)), ("branch3x3dbl_3b", column(384, 384, 3))]),
            pooledBranch(inputs, 192),
        ])
    }

    private static func pooledBranch(_ inputs: Int, _ outputs: Int) -> Branch {
        Branch(
            pooling: AvgPool2d(3, stride: 1, padding: 1),
            steps: [("branch_pool", BasicConv2d(inputs, outputs, kernelSize: 1))])
    }

    /// A convolution along rows.
    private static func row(_ inputs: Int, _ outputs: Int, _ size: Int) -> BasicConv2d {
        BasicConv2d(inputs, outputs, kernelSize: [1, size], padding: [0, size / 2])
    }

    /// A convolution along columns.
    private static func column(_ inputs: Int, _ outputs: Int, _ size: Int) -> BasicConv2d {
        BasicConv2d(inputs, outputs, kernelSize: [size, 1], padding: [size / 2, 0])
    }
}
