import Testing

import HearthTensor

/// A hundred steps of each optimizer against PyTorch 2.x, from the same weights with the gradient
/// `0.3 * p + ((7 * t + 3 * i) % 11 - 5) / 10` of element `i` in step `t`.
@Suite struct CPUUpdateTests {
    let cpu = CPU()

    struct Case: Sendable, CustomStringConvertible {
        let description: String
        let buffers: Int
        let rule: @Sendable (_ step: Int) -> UpdateRule
        let expected: [Double]
    }

    static let cases = [
        Case(
            description: "sgd", buffers: 0,
            rule: { _ in
                .sgd(rate: 0.05, momentum: 0, dampening: 0, weightDecay: 0, nesterov: false, isFirst: false)
            }, expected: [0.11587702482938766, -0.2855374813079834, 0.4483429789543152, 0.010426611639559269]),
        Case(
            description: "sgd with momentum", buffers: 1,
            rule: {
                .sgd(rate: 0.05, momentum: 0.9, dampening: 0.1, weightDecay: 0.01, nesterov: false, isFirst: $0 == 1)
            }, expected: [0.00853190291672945, 0.02320794016122818, 0.0060532973147928715, -0.01820528320968151]),
        Case(
            description: "nesterov", buffers: 1,
            rule: {
                .sgd(rate: 0.05, momentum: 0.9, dampening: 0, weightDecay: 0.01, nesterov: true, isFirst: $0 == 1)
            }, expected: [0.02045847475528717, 0.014184917323291302, 0.015293573960661888, -0.033550020307302475]),
        Case(
            description: "adam", buffers: 2,
            rule: {
                .adam(
                    rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.02, decoupled: false,
                    amsgrad: false, step: $0)
            }, expected: [0.17117108404636383, -0.6135962009429932, 1.1953999996185303, 0.03768666461110115]),
        Case(
            description: "amsgrad", buffers: 3,
            rule: {
                .adam(
                    rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, decoupled: false,
                    amsgrad: true, step: $0)
            }, expected: [0.1817135214805603, -0.630122184753418, 1.2064342498779297, 0.04066641256213188]),
        Case(
            description: "adamw", buffers: 2,
            rule: {
                .adam(
                    rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.02, decoupled: true,
                    amsgrad: false, step: $0)
            }, expected: [0.17766495048999786, -0.6156505346298218, 1.1791402101516724, 0.039759594947099686]),
        Case(
            description: "rmsprop", buffers: 1,
            rule: { _ in
                .rmsprop(rate: 0.01, alpha: 0.99, epsilon: 1e-8, weightDecay: 0, momentum: 0, centered: false)
            }, expected: [0.08005848526954651, -0.3153447210788727, 0.6380988359451294, 0.0048385788686573505]),
        Case(
            description: "centered rmsprop", buffers: 3,
            rule: { _ in
                .rmsprop(rate: 0.01, alpha: 0.99, epsilon: 1e-8, weightDecay: 0.01, momentum: 0.5, centered: true)
            }, expected: [0.020618638023734093, -0.03779395669698715, 0.10632109642028809, -0.014002782292664051]),
        Case(
            description: "adagrad", buffers: 1,
            rule: { _ in .adagrad(rate: 0.05, epsilon: 1e-10, weightDecay: 0.01) },
            expected: [0.2071496546268463, -0.6903454065322876, 1.2506985664367676, 0.03670963644981384]),
    ]

    @Test(arguments: cases)
    func followsPyTorch(optimizer: Case) {
        for dtype in [DType.float32, .float64] {
            let parameter = makeTensor([0.5, -1.25, 2, 0.1], [4], dtype)
            let state = (0..<optimizer.buffers).map { _ in makeTensor([0, 0, 0, 0], [4], dtype) }
            for step in 1...100 {
                let values = numbers(parameter).enumerated().map { i, p in
                    dtype == .float32
                        ? Double(Float(p) * 0.3 + Float((step * 7 + i * 3) % 11 - 5) / 10)
                        : p * 0.3 + Double((step * 7 + i * 3) % 11 - 5) / 10
                }
                cpu.step(optimizer.rule(step), [parameter], [makeTensor(values, [4], dtype)], state: [state])
            }
            // What is expected was rounded a hundred times to float32.
            let tolerance = dtype == .float32 ? 1e-6 : 1e-5
            for (got, expected) in zip(numbers(parameter), optimizer.expected) {
                #expect(abs(got - expected) < tolerance, "\(dtype): \(got), not \(expected)")
            }
        }
    }

    @Test func updatesManyTensorsInOnePass() {
        let sizes = [3, 0, 40_000, 1, 25_000]
        let parameters = sizes.map { makeTensor([Float](repeating: 1, count: $0), [$0]) }
        let gradients = sizes.map { makeTensor(noise($0), [$0]) }
        cpu.step(
            .sgd(rate: 0.5, momentum: 0, dampening: 0, weightDecay: 0, nesterov: false, isFirst: false), parameters,
            gradients, state: sizes.map { _ in [] })
        for (p, g) in zip(parameters, gradients) {
            #expect(elements(p, as: Float.self) == elements(g, as: Float.self).map { 1 - 0.5 * $0 })
        }
    }
}
