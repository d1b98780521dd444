import HearthNN
import HearthTensor

extension LayerKind {
    /// Layers that standardise, and those that leave out by chance.
    static let normalisations: [LayerKind] = [
        batchNorm("BatchNorm1d") { BatchNorm1d($0, epsilon: $1, momentum: $2, affine: $3, trackRunningStats: $4) },
        batchNorm("BatchNorm2d") { BatchNorm2d($0, epsilon: $1, momentum: $2, affine: $3, trackRunningStats: $4) },
        batchNorm("BatchNorm3d") { BatchNorm3d($0, epsilon: $1, momentum: $2, affine: $3, trackRunningStats: $4) },
        instanceNorm("InstanceNorm1d") {
            InstanceNorm1d($0, epsilon: $1, momentum: $2, affine: $3, trackRunningStats: $4)
        },
        instanceNorm("InstanceNorm2d") {
            InstanceNorm2d($0, epsilon: $1, momentum: $2, affine: $3, trackRunningStats: $4)
        },
        instanceNorm("InstanceNorm3d") {
            InstanceNorm3d($0, epsilon: $1, momentum: $2, affine: $3, trackRunningStats: $4)
        },
        LayerKind("LayerNorm", ["normalized_shape", "eps", "elementwise_affine", "bias"]) {
            LayerNorm(
                try $0.lastSizes("normalized_shape"), epsilon: try $0.number("eps", 1e-5, in: 0...1),
                affine: try $0.flag("elementwise_affine", true), bias: try $0.flag("bias", true))
        },
        LayerKind("RMSNorm", ["normalized_shape", "eps", "elementwise_affine"]) {
            RMSNorm(
                try $0.lastSizes("normalized_shape"),
                epsilon: $0.isGiven("eps") ? try $0.number("eps", in: 0...1) : nil,
                affine: try $0.flag("elementwise_affine", true))
        },
        LayerKind("GroupNorm", ["num_groups", "num_channels", "eps", "affine"]) {
            GroupNorm(
                try $0.int("num_groups"), try $0.follows("num_channels", dim: 1),
                epsilon: try $0.number("eps", 1e-5, in: 0...1), affine: try $0.flag("affine", true))
        },
        LayerKind("LocalResponseNorm", ["size", "alpha", "beta", "k"]) {
            LocalResponseNorm(
                try $0.int("size"), alpha: try $0.number("alpha", 1e-4), beta: try $0.number("beta", 0.75),
                k: try $0.number("k", 1))
        },
        LayerKind("Dropout", ["p"]) { Dropout(try $0.probability("p", 0.5), generator: $0.generator) },
        LayerKind("Dropout1d", ["p"]) { Dropout1d(try $0.probability("p", 0.5), generator: $0.generator) },
        LayerKind("Dropout2d", ["p"]) { Dropout2d(try $0.probability("p", 0.5), generator: $0.generator) },
        LayerKind("Dropout3d", ["p"]) { Dropout3d(try $0.probability("p", 0.5), generator: $0.generator) },
        LayerKind("AlphaDropout", ["p"]) { AlphaDropout(try $0.probability("p", 0.5), generator: $0.generator) },
        LayerKind("FeatureAlphaDropout", ["p"]) {
            FeatureAlphaDropout(try $0.probability("p", 0.5), generator: $0.generator)
        },
    ]

    private static let batchOptions = ["num_features", "eps", "momentum", "affine", "track_running_stats"]

    private static func batchNorm(
        _ name: String, _ make: @escaping @Sendable (Int, Double, Double?, Bool, Bool) -> any Layer
    ) -> LayerKind {
        LayerKind(name, batchOptions) {
            make(
                try $0.follows("num_features", dim: 1), try $0.number("eps", 1e-5, in: 0...1), try $0.momentum(),
                try $0.flag("affine", true), try $0.flag("track_running_stats", true))
        }
    }

    private static func instanceNorm(
        _ name: String, _ make: @escaping @Sendable (Int, Double, Double, Bool, Bool) -> any Layer
    ) -> LayerKind {
        LayerKind(name, batchOptions) {
            make(
                try $0.follows("num_features", dim: 1), try $0.number("eps", 1e-5, in: 0...1),
                try $0.probability("momentum", 0.1), try $0.flag("affine", false),
                try $0.flag("track_running_stats", false))
        }
    }
}

extension LayerOptions {
    /// The part of a new batch in running averages; nil, written `null`, for the average of all.
    fileprivate func momentum() throws(DescriptionError) -> Double? {
        if case .scalar("null", false) = values["momentum"]?.content { return nil }
        return try probability("momentum", 0.1)
    }

    /// The last sizes of the shape that arrives, only the last of them when nothing is written.
    fileprivate func lastSizes(_ name: String) throws(DescriptionError) -> Shape {
        guard isGiven(name) else { return [try follows(name, dim: -1)] }
        let sizes = try ints(name)
        guard sizes.count < input.count, Array(input.suffix(sizes.count)) == sizes else {
            throw error(
                "'\(name)' of \(kind) is \(sizes), but \(NetworkPlanner.text(input)) arrives there", at: name)
        }
        return Shape(sizes)
    }
}
