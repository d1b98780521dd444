import Hearth

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

// Convolutions, pooling, normalisation, attention and recurrent layers against plain loops over `Double`.
extension Check {
    @CheckList static var layers: [Check] {
        Check(name: "conv2d") {
            let c = Convolved()
            return difference(c.forward(c.x, c.w), c.reference, tolerance: 1e-5)
        }
        Check(name: "conv2d_backward") {
            // What the gradients of a bilinear function g·conv(x, w) must sum to, with either operand.
            let c = Convolved()
            let (x, w) = (c.x.requiringGrad(), c.w.requiringGrad())
            let y = c.forward(x, w)
            let g = numbers(y.shape, seed: 11)
            let found = grad(of: [y], wrt: [x, w], gradients: [g])
            let expected = zip(doubles(g), c.reference).reduce(0) { $0 + $1.0 * $1.1 }
            return [(found[0], c.x), (found[1], c.w)].map { gradient, operand in
                let sum = zip(doubles(gradient), doubles(operand)).reduce(0) { $0 + $1.0 * $1.1 }
                return abs(sum - expected) / (1e-4 * max(1, abs(expected)))
            }.max()!
        }
        Check(name: "max_pool2d") { pooled({ $0.maxPool2d(2) }, { $0.max()! }) }
        Check(name: "avg_pool2d") { pooled({ $0.avgPool2d(2) }, { $0.reduce(0, +) / 4 }) }
        Check(name: "batch_norm") {
            let x = numbers([6, 5, 7])
            let values = doubles(x)
            var expected = values
            for c in 0..<5 {
                var places: [Int] = []
                for n in 0..<6 { places += (0..<7).map { (n * 5 + c) * 7 + $0 } }
                let standard = standardised(places.map { values[$0] })
                for (place, value) in zip(places, standard) { expected[place] = value }
            }
            return difference(x.batchNorm().result, expected, tolerance: 1e-5)
        }
        Check(name: "layer_norm") {
            let x = numbers([rows, columns])
            let values = doubles(x)
            let expected = (0..<rows).flatMap { standardised(Array(values[($0 * columns)..<(($0 + 1) * columns)])) }
            return difference(x.layerNorm([columns]), expected, tolerance: 1e-5)
        }
        Check(name: "attention") {
            let (q, k, v) = (numbers([5, 4]), numbers([9, 4], seed: 8), numbers([9, 3], seed: 9))
            let (a, b, c) = (doubles(q), doubles(k), doubles(v))
            let expected = (0..<5).flatMap { i in
                let scores = (0..<9).map { j in exp((0..<4).reduce(0) { $0 + a[i * 4 + $1] * b[j * 4 + $1] } / 2) }
                let sum = scores.reduce(0, +)
                return (0..<3).map { f in (0..<9).reduce(0) { $0 + scores[$1] / sum * c[$1 * 3 + f] } }
            }
            return difference(Tensor.scaledDotProductAttention(q, k, v), expected, tolerance: 1e-5)
        }
        Check(name: "lstm") {
            let lstm = LSTM(3, 4, generator: Generator(seed: 3))
            let x = numbers([6, 1, 3])
            return difference(lstm(x).output, stepped(lstm, doubles(x), steps: 6), tolerance: 1e-5)
        }
    }

    /// A convolution with stride, padding, dilation and groups.
    private struct Convolved {
        let x = numbers([2, 4, 9, 8])
        let w = numbers([6, 2, 3, 2], seed: 8)

        func forward(_ x: Tensor, _ w: Tensor) -> Tensor {
            x.conv(w, stride: [2, 1], padding: [1, 2], dilation: [1, 2], groups: 2)
        }

        /// `[2, 6, 5, 10]` by loops over every index.
        var reference: [Double] {
            let (a, b) = (doubles(x), doubles(w))
            var result: [Double] = []
            for n in 0..<2 {
                for o in 0..<6 {
                    for y in 0..<5 {
                        for z in 0..<10 {
                            var sum = 0.0
                            for c in 0..<2 {
                                for i in 0..<3 {
                                    for j in 0..<2 {
                                        let (row, column) = (2 * y + i - 1, z + 2 * j - 2)
                                        guard (0..<9).contains(row), (0..<8).contains(column) else { continue }
                                        let channel = o / 3 * 2 + c
                                        sum +=
                                            a[((n * 4 + channel) * 9 + row) * 8 + column]
                                            * b[((o * 2 + c) * 3 + i) * 2 + j]
                                    }
                                }
                            }
                            result.append(sum)
                        }
                    }
                }
            }
            return result
        }
    }

    /// Windows of 2 × 2 over 8 × 6.
    private static func pooled(_ pool: (Tensor) -> Tensor, _ reference: ([Double]) -> Double) -> Double {
        let x = numbers([1, 1, 8, 6])
        let values = doubles(x)
        let expected = (0..<4).flatMap { y in
            (0..<3).map { z in
                reference([0, 1, 6, 7].map { values[2 * y * 6 + 2 * z + $0] })
            }
        }
        return difference(pool(x), expected)
    }

    private static func standardised(_ values: [Double]) -> [Double] {
        let mean = values.reduce(0, +) / Double(values.count)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
        return values.map { ($0 - mean) / (variance + 1e-5).squareRoot() }
    }

    /// The outputs of an LSTM of three inputs and four units, unit by unit.
    private static func stepped(_ lstm: LSTM, _ x: [Double], steps: Int) -> [Double] {
        let state = lstm.stateDict
        func weights(_ name: String) -> [Double] { doubles(state[name]!) }
        let (input, hidden) = (weights("weight_ih_l0"), weights("weight_hh_l0"))
        let bias = zip(weights("bias_ih_l0"), weights("bias_hh_l0")).map(+)
        func sigmoid(_ v: Double) -> Double { 1 / (1 + exp(-v)) }
        var (h, c) = ([Double](repeating: 0, count: 4), [Double](repeating: 0, count: 4))
        var outputs: [Double] = []
        for step in 0..<steps {
            let gates = (0..<16).map { gate in
                bias[gate] + (0..<3).reduce(0) { $0 + input[gate * 3 + $1] * x[step * 3 + $1] }
                    + (0..<4).reduce(0) { $0 + hidden[gate * 4 + $1] * h[$1] }
            }
            for unit in 0..<4 {
                c[unit] = sigmoid(gates[4 + unit]) * c[unit] + sigmoid(gates[unit]) * tanh(gates[8 + unit])
            }
            h = (0..<4).map { sigmoid(gates[12 + $0]) * tanh(c[$0]) }
            outputs += h
        }
        return outputs
    }
}
