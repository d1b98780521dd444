import HearthTensor

/// Sines and cosines of the position, added to the features of `[…, length, features]`, so that attention can tell
/// positions apart.
///
/// Feature `2 i` gets `sin(position / 10000^(2 i / features))` and the one after it the cosine. The table is computed,
/// not saved. Source: Vaswani et al., "Attention Is All You Need", 2017 (<https://arxiv.org/abs/1706.03762>).
public final class SinusoidalPositions: Module, Layer {
    /// `[longest, features]`.
    @Buffer public var table: Tensor

    /// Positions below `longest` for an even number of features.
    public init(_ features: Int, longest: Int = 5000) {
        require(features > 0 && features % 2 == 0, "SinusoidalPositions", "\(features) features; not even")
        let angles = Self.angles(features, longest, base: 10000)
        _table = Buffer(
            wrappedValue: Tensor.stack([angles.sin(), angles.cos()], dim: 2).reshape([longest, features]).to(.float32),
            persistent: false)
    }

    /// `[longest, features / 2]`, float64: position times frequency.
    static func angles(_ features: Int, _ longest: Int, base: Double) -> Tensor {
        let exponents = Tensor.arange(0, features, step: 2).to(.float64) / Double(features)
        return Tensor.arange(longest).to(.float64).unsqueeze(1) / Tensor.pow(base, exponents).unsqueeze(0)
    }

    /// Adds the positions from 0 on.
    public func forward(_ x: Tensor) -> Tensor { self(x, offset: 0) }

    /// Adds the positions from `offset` on.
    public func callAsFunction(_ x: Tensor, offset: Int) -> Tensor {
        x + table.narrow(0, start: offset, length: x.shape[-2]).to(x.dtype)
    }
}

/// A trained vector for each position, added to the features of `[…, length, features]`.
public final class LearnedPositions: Module, Layer {
    /// `[longest, features]`, normal with a standard deviation of 0.02 at the start.
    @Param public var weight: Tensor

    /// Positions below `longest`.
    public init(_ features: Int, longest: Int, generator: Generator? = nil) {
        weight = Initialize.normal([longest, features], std: 0.02, generator: generator)
    }

    /// Adds the positions from 0 on.
    public func forward(_ x: Tensor) -> Tensor { self(x, offset: 0) }

    /// Adds the positions from `offset` on.
    public func callAsFunction(_ x: Tensor, offset: Int) -> Tensor {
        x + weight.narrow(0, start: offset, length: x.shape[-2])
    }
}

/// Turns pairs of features of queries and keys by an angle that grows with the position, so that their products depend
/// on the distance between them: `[…, length, features]` to the same.
///
///     let rope = RotaryPositions(64)
///     let scores = rope(q).matmul(rope(k).mT)
///
/// Pairs are feature `i` and `i + features / 2` (as in Llama), or neighbours when `interleaved` (as in the paper). Pair
/// `i` turns by `position / base^(2 i / features)`. Source: Su et al., "RoFormer", 2021
/// (<https://arxiv.org/abs/2104.09864>).
public final class RotaryPositions: Module, Layer {
    /// `[longest, features / 2]`: the cosine of each angle.
    @Buffer public var cosines: Tensor
    /// The sine of each angle.
    @Buffer public var sines: Tensor
    /// Whether neighbours are turned together.
    public let interleaved: Bool

    /// Angles for positions below `longest` and an even number of features.
    public init(_ features: Int, longest: Int = 4096, base: Double = 10000, interleaved: Bool = false) {
        require(features > 0 && features % 2 == 0, "RotaryPositions", "\(features) features; not even")
        let angles = SinusoidalPositions.angles(features, longest, base: base)
        _cosines = Buffer(wrappedValue: angles.cos().to(.float32), persistent: false)
        _sines = Buffer(wrappedValue: angles.sin().to(.float32), persistent: false)
        self.interleaved = interleaved
    }

    /// Turns features at the positions from 0 on.
    public func forward(_ x: Tensor) -> Tensor { self(x, offset: 0) }

    /// Turns features at the positions from `offset` on.
    public func callAsFunction(_ x: Tensor, offset: Int) -> Tensor {
        let (half, length) = (x.shape[-1] / 2, x.shape[-2])
        let cosine = cosines.narrow(0, start: offset, length: length).to(x.dtype)
        let sine = sines.narrow(0, start: offset, length: length).to(x.dtype)
        let axis = interleaved ? -1 : -2
        let pairs = x.unflatten(dim: -1, interleaved ? [half, 2] : [2, half])
        let (a, b) = (pairs.select(axis, 0), pairs.select(axis, 1))
        return Tensor.stack([a * cosine - b * sine, b * cosine + a * sine], dim: axis).reshape(x.shape)
    }
}
