import HearthTensor

/// How values are distributed, such as those of weights and gradients.
///
///     HistogramChart("fc1.weight", x: "weight", series: [.init("epoch 1", before), .init("epoch 5", after)])
public struct HistogramChart: Chart {
    /// Values of one kind.
    public struct Series: Sendable {
        /// What the legend calls them.
        public let name: String
        /// In any order; those that are not finite are left out.
        public let values: [Double]

        /// Values of one kind.
        public init(_ name: String, _ values: [Double]) { (self.name, self.values) = (name, values.filter(\.isFinite)) }

        /// The elements of a tensor.
        public init(_ name: String, _ tensor: Tensor) {
            self.init(name, tensor.detach().to(.float64).array(of: Double.self))
        }
    }

    /// Above the chart.
    public let title: String
    /// The name of the horizontal axis.
    public let xName: String
    /// What is compared.
    public let series: [Series]
    /// How many parts the axis is divided into.
    public let bins: Int
    /// In pixels.
    public let width: Double
    /// In pixels.
    public let height: Double

    /// A chart of distributions.
    public init(
        _ title: String, x: String, series: [Series], bins: Int = 40, width: Double = 420, height: Double = 240
    ) {
        guard bins > 0 else { fatalError("HistogramChart '\(title)': \(bins) bins") }
        (self.title, xName, self.series, self.bins) = (title, x, series, bins)
        (self.width, self.height) = (width, height)
    }

    /// The picture: the share of the values in each bin.
    public var drawing: Drawing {
        let ticks = Ticks(around: series.flatMap(\.values))
        let shares = series.map { distribution($0.values, ticks.range) }
        let plot = Plot(
            title, x: .init(name: xName, ticks: ticks),
            y: .init(name: "", ticks: Ticks(around: [0] + shares.joined(), count: 4)),
            legend: series.enumerated().map { ($0.element.name, .box, Paint(.series($0.offset), opacity: 0.6)) },
            width: width, height: height)
        var drawing = plot.drawing
        drawing.pointing = .column
        let edges = (0...bins).map { edge in
            ticks.range.lowerBound + (ticks.range.upperBound - ticks.range.lowerBound) * Double(edge) / Double(bins)
        }
        for (index, shares) in shares.enumerated() {
            let top = shares.enumerated().flatMap { bin, share in
                [plot.place(edges[bin], share), plot.place(edges[bin + 1], share)]
            }
            let ground = [plot.place(edges[bins], 0), plot.place(edges[0], 0)]
            drawing.fill(Path(through: top + ground, isClosed: true), with: Paint(.series(index), opacity: 0.35))
            drawing.stroke(Path(through: top), with: Paint(.series(index)), width: 1.5)
        }
        for bin in 0..<bins {
            let lines = zip(series, shares).map {
                (series.count > 1 ? $0.name + " " : "") + ($1[bin] * 100).short + "%"
            }
            let middle = plot.place((edges[bin] + edges[bin + 1]) / 2, 0).x
            drawing.name(Point(middle, plot.area.top), ["\(edges[bin].short) to \(edges[bin + 1].short)"] + lines)
        }
        return drawing
    }

    private func distribution(_ values: [Double], _ range: ClosedRange<Double>) -> [Double] {
        var counts = [Int](repeating: 0, count: bins)
        for value in values {
            let share = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
            counts[min(max(Int(share * Double(bins)), 0), bins - 1)] += 1
        }
        return counts.map { Double($0) / Double(max(values.count, 1)) }
    }
}
