/// Independent random numbers, drawn from a place in a sequence.
struct RandomNumbers: TensorOperation {
    static let name = "random"
    let distribution: Distribution
    let shape: Shape
    let dtype: DType
    let stream: RandomStream

    static let names = Distribution.names
    var name: String { distribution.name }

    func result(of x: Operands) throws(ShapeError) -> Spec { try Spec(checking: shape, dtype) }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        let y = Tensor.uninitialized(result, on: x.device)
        x.backend.random(distribution, into: y, stream)
        return y
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients { Gradients([]) }
}

extension RandomNumbers {
    var attributes: Attributes {
        distribution.attributes.with("shape", shape).with("dtype", dtype).with("stream", stream)
    }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(
            distribution: try Distribution(name, attributes), shape: try attributes["shape"],
            dtype: try attributes["dtype"], stream: try attributes["stream"])
    }
}

/// The integers below `count` in random order.
struct Permutation: TensorOperation {
    static let name = "randperm"
    let count: Int
    let stream: RandomStream

    func result(of x: Operands) throws(ShapeError) -> Spec { try Spec(checking: [count], .int64) }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        Tensor.make([count], .int64, device: x.device) { bytes in
            let order = bytes.bindMemory(to: Int.self)
            for i in 0..<count { order[i] = i }
            for i in stride(from: count - 1, to: 0, by: -1) {
                // One draw in 64 bits for each exchange: the bias is below 2^-40 for any count that fits memory.
                let block = Philox.block(key: stream.seed, counter: stream.offset &+ UInt64(i))
                let word = UInt64(block.0) | UInt64(block.1) << 32
                order.swapAt(i, Int(word.multipliedFullWidth(by: UInt64(i + 1)).high))
            }
        }
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients { Gradients([]) }
}

extension Permutation {
    var attributes: Attributes { ["count": count, "stream": stream] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(count: try attributes["count"], stream: try attributes["stream"])
    }
}
