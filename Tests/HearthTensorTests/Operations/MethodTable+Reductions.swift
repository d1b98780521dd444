import HearthTensor

extension OperationTable {
    mutating func addRunning() {
        for dim in [0, 1, -1] {
            pair("cummax \(dim)") { $0.cummax(dim: dim) }
            pair("cummin \(dim)") { $0.cummin(dim: dim) }
            unary("logcumsumexp \(dim)") { $0.logCumsumExp(dim: dim) }
        }
        unary("diff") { $0.diff() }
        unary("diff 2 0") { $0.diff(n: 2, dim: 0) }
        ternary("diff ends") { $0.diff(prepend: $1, append: $2) }
        list("gradient") { $0.gradient() }
        list("gradient 0.5 1 order=2") { $0.gradient(spacing: 0.5, dims: [1], edgeOrder: 2) }
        unary("trapezoid") { $0.trapezoid() }
        unary("trapezoid 0.5 0") { $0.trapezoid(dx: 0.5, dim: 0) }
        binary("trapezoid x") { $0.trapezoid(x: $1) }
        unary("cumulative_trapezoid") { $0.cumulativeTrapezoid() }
        binary("cumulative_trapezoid x 0") { $0.cumulativeTrapezoid(x: $1, dim: 0) }
    }

    mutating func addQuantiles() {
        for mode in QuantileInterpolation.allCases {
            unary("quantile 0.3 \(mode)") { $0.quantile(0.3, interpolation: mode) }
            unary("quantile vector 1 \(mode)") { $0.quantile(Self.fractions, dim: 1, interpolation: mode) }
            unary("nanquantile vector 0 \(mode)") { $0.nanQuantile(Self.fractions, dim: 0, interpolation: mode) }
        }
        unary("quantile vector keep") { $0.quantile(Self.fractions, dim: 0, keepDim: true) }
        unary("quantile vector all") { $0.quantile(Self.fractions, keepDim: true) }
        unary("quantile 0.6 keep") { $0.quantile(0.6, dim: -1, keepDim: true) }
        unary("nanquantile 0.4") { $0.nanQuantile(0.4) }
        ternary("lerp") { $0.lerp($1, weight: $2) }
        pair("mode 1") { $0.mode(dim: 1) }
        pair("mode 0") { $0.mode(dim: 0) }
        unary("nanmedian") { $0.nanMedian() }
        pair("nanmedian 1") { $0.nanMedian(dim: 1) }
    }

    private static let fractions = Tensor([0.0, 0.3, 0.5, 1.0], dtype: .float64)

    mutating func addStatistics() {
        unary("nansum") { $0.nanSum() }
        unary("nansum 1") { $0.nanSum(dim: 1) }
        unary("nanmean") { $0.nanMean() }
        unary("nanmean 0") { $0.nanMean(dim: 0, keepDim: true) }
        unary("count_nonzero 1") { $0.countNonzero(dim: 1) }
        pair("aminmax") { $0.aminmax() }
        pair("aminmax 1") { $0.aminmax(dim: 1) }
        unary("histc") { $0.histc() }
        unary("histc 5 -1 1") { $0.histc(bins: 5, min: -1, max: 1) }
        unary("histc 4") { $0.histc(bins: 4) }
        pair("histogram 5") { $0.histogram(bins: 5) }
        many("histogram 4 -1 1 density") { x in
            let (histogram, edges) = x[0].histogram(bins: 4, range: -1...1, weights: x[1], density: true)
            return [histogram, edges]
        }
        many("histogram edges") { x in
            let (histogram, edges) = x[0].histogram(edges: x[1])
            return [histogram, edges]
        }
        binary("bucketize") { $0.bucketize($1) }
        binary("bucketize right") { $0.bucketize($1, right: true) }
        binary("isin") { $0.isIn($1) }
        unary("cov") { $0.cov() }
        unary("cov 0") { $0.cov(correction: 0) }
        ternary("cov weights") { $0.cov(frequencies: $1, weights: $2) }
        unary("corrcoef") { $0.corrcoef() }
        for p in [1, 2, 3, Double.infinity] {
            binary("dist \(p.isFinite ? "\(Int(p))" : "inf")") { $0.dist($1, p: p) }
        }
        unary("renorm 2 0") { $0.renorm(p: 2, dim: 0, maxNorm: 1.5) }
        unary("renorm 1 1") { $0.renorm(p: 1, dim: 1, maxNorm: 1.5) }
        unary("normalize") { $0.normalize() }
        unary("normalize 3 0") { $0.normalize(p: 3, dim: 0) }
    }
}
