import Hearth
import HearthGraph
import HearthONNX

/// A program with its inputs: what `hearth run` does.
package struct ProgramRun {
    package let program: Program
    private let inputs: [String: Tensor]

    package init(_ program: Program, _ inputs: [String: Tensor]) { (self.program, self.inputs) = (program, inputs) }

    /// A value as it is told: its name, type and shape.
    package struct Line {
        package let name: String
        package let text: String
    }

    /// What goes in.
    package var inputLines: [Line] {
        program.inputs.map { port in
            Line(name: port.name, text: inputs[port.name].map { "\(port.elementType)\($0.shape)" } ?? port.text)
        }
    }

    /// What comes out, in the order of the program.
    package func outputs() throws -> [(name: String, value: Value)] { try program.run(inputs) }

    /// What came out.
    package static func lines(_ outputs: [(name: String, value: Value)]) -> [Line] {
        outputs.map { name, value in
            switch value {
            case .tensor(let tensor, let type): Line(name: name, text: "\(type)\(tensor.shape)")
            case .sequence(let values): Line(name: name, text: "a sequence of \(values.count)")
            case .nothing: Line(name: name, text: "nothing")
            }
        }
    }

    /// Writes outputs by name, each in its own type.
    package static func write(_ outputs: [(name: String, value: Value)], to path: String) throws {
        try NumPyArray.write(
            try outputs.map { name, value in
                guard case .tensor(let tensor, let type) = value else {
                    throw RunError("'\(name)' is no tensor, and cannot be written as an array")
                }
                return (name, NumPyArray(tensor, unsigned: NumPyArray.Unsigned(type)))
            }, npz: path)
    }

    /// How long each operation takes. Throws `RunError` for a program that is run node by node.
    package func profile(runs: Int) throws -> GraphProfile { try program.profile(inputs, runs: runs) }

    /// How long each of `count` runs takes, in milliseconds, in ascending order.
    package func latencies(_ count: Int) throws -> [Double] {
        let clock = ContinuousClock()
        return try (0..<count).map { _ in
            let time = try clock.measure { _ = try program.run(inputs) }
            return Double(time.components.seconds) * 1e3 + Double(time.components.attoseconds) / 1e15
        }.sorted()
    }
}

extension NumPyArray.Unsigned {
    /// The type of an output where no dtype is.
    fileprivate init?(_ type: ElementType) {
        switch type {
        case .uint16: self = .uint16
        case .uint32: self = .uint32
        case .uint64: self = .uint64
        default: return nil
        }
    }
}
