import Hearth

/// Learns a turn of the plane from points that were turned several times: the layer is applied as often as they were.
package final class DepthExperiment {
    package let turn: Linear
    private let generator: Generator

    package init(seed: UInt64) {
        generator = Generator(seed: seed)
        turn = Linear(2, 2, bias: false, generator: generator)
    }

    package func train(steps: Int) -> [Double] {
        descend(Adam(turn.parameters, lr: 0.05), steps: steps) {
            let losses = (0..<16).map { _ in
                let times = generator.next(in: 1..<6)
                let point = Tensor.randn([2], generator: generator)
                return MSELoss()((0..<times).reduce(point) { x, _ in turn(x) }, turned(point, times))
            }
            return Tensor.stack(losses).mean()
        }
    }

    private func turned(_ point: Tensor, _ times: Int) -> Tensor {
        let angle = Tensor(0.6 * Double(times))
        let (c, s) = (angle.cos(), angle.sin())
        return Tensor.stack([c * point[0] - s * point[1], s * point[0] + c * point[1]])
    }
}
