/// How each element of a resampled line is made: the weighted sum of some elements of the line.
package struct Taps: Sendable, Hashable {
    /// The number of elements that go in.
    let size: Int
    /// The number of elements that come out.
    let outputs: Int
    /// How many elements make one, the same for all; those that are not needed have weight 0.
    let width: Int
    /// `width` positions for each output.
    let positions: [Int32]
    /// `width` weights for each output.
    let weights: [Double]

    /// - Parameter taps: Positions and weights for each output. Positions may lie outside and stand for the nearest end.
    init(size: Int, _ taps: [[(position: Int, weight: Double)]]) {
        self.size = size
        outputs = taps.count
        let width = Swift.max(taps.map(\.count).max() ?? 1, 1)
        self.width = width
        var positions = [Int32](repeating: 0, count: taps.count * width)
        var weights = [Double](repeating: 0, count: taps.count * width)
        for (o, line) in taps.enumerated() {
            for (t, tap) in line.enumerated() {
                positions[o * width + t] = Int32(Swift.min(Swift.max(tap.position, 0), size - 1))
                weights[o * width + t] = tap.weight
            }
        }
        self.positions = positions
        self.weights = weights
    }
}
