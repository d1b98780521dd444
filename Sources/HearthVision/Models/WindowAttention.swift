import HearthNN
import HearthTensor

/// The sizes of attention within windows.
struct WindowShape {
    let width: Int
    let heads: Int
    /// The height and width of a window.
    let size: Int

    /// The places of a window.
    var places: Int { size * size }

    /// For each pair of places, which of the (2 size - 1)² relative positions it has: `[places²]` int64.
    var relativePositions: Tensor {
        let span = 2 * size - 1
        return Tensor(
            (0..<places).flatMap { i in
                (0..<places).map { j in (i / size - j / size + size - 1) * span + (i % size - j % size + size - 1) }
            })
    }
}

/// Attention of `[N, H, W, C]` within windows, which may be shifted: windows at the borders then hold places from both
/// sides, which do not see each other.
class WindowAttention: Module, Layer {
    private let qkv: Linear
    private let proj: Linear
    fileprivate let shape: WindowShape
    private let shift: Int
    private let dropout: Double
    private let attentionDropout: Double

    fileprivate init(_ shape: WindowShape, shift: Int, _ dropout: Double, _ attentionDropout: Double) {
        qkv = Linear(shape.width, 3 * shape.width)
        proj = Linear(shape.width, shape.width)
        self.shape = shape
        self.shift = shift
        self.dropout = dropout
        self.attentionDropout = attentionDropout
    }

    /// What the relative position of each pair of places adds to its score: `[places², heads]`.
    fileprivate var positionBias: Tensor { fatalError("a kind of attention says what positions add") }

    /// How much queries and keys `[…, places, C / heads]` have in common.
    fileprivate func scores(_ queries: Tensor, _ keys: Tensor) -> Tensor {
        (queries * (1 / Double(shape.width / shape.heads).squareRoot())).matmul(keys.transpose(-2, -1))
    }

    /// The bias of queries, keys and values.
    fileprivate func projectionBias(_ bias: Tensor?) -> Tensor? { bias }

    func forward(_ x: Tensor) -> Tensor {
        let (height, width) = (x.shape[1], x.shape[2])
        let size = shape.size
        let (bottom, right) = ((size - height % size) % size, (size - width % size) % size)
        let padded = bottom + right > 0 ? x.pad([0, 0, 0, right, 0, bottom]) : x
        let grid = WindowGrid(height: height + bottom, width: width + right, size: size, shift: shift)
        let result = grid.joined(attend(grid.divided(padded), grid), samples: x.shape[0])
        return bottom + right > 0
            ? result.narrow(1, start: 0, length: height).narrow(2, start: 0, length: width) : result
    }

    /// Attention within windows `[N, windows, places, C]`.
    private func attend(_ x: Tensor, _ grid: WindowGrid) -> Tensor {
        let (samples, windows, places, channels) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
        let parts = x.linear(qkv.weight, bias: projectionBias(qkv.bias))
            .reshape([samples, windows, places, 3, shape.heads, channels / shape.heads]).permute(3, 0, 1, 4, 2, 5)
        let bias = positionBias.reshape([places, places, shape.heads]).permute(2, 0, 1)
        var scores = scores(parts.select(0, 0), parts.select(0, 1)) + bias
        if let mask = grid.mask(dtype: x.dtype) { scores = scores + mask }
        var weights = scores.softmax(dim: -1)
        if isTraining { weights = weights.dropout(attentionDropout) }
        let mixed = proj(weights.matmul(parts.select(0, 2)).transpose(2, 3).reshape(x.shape))
        return isTraining ? mixed.dropout(dropout) : mixed
    }
}

/// The first paper's: a learned number for each relative position and head.
final class TableAttention: WindowAttention {
    /// `[(2 size - 1)², heads]`.
    @Param private var relativePositionBiasTable: Tensor
    @Buffer private var relativePositionIndex: Tensor

    override init(_ shape: WindowShape, shift: Int, _ dropout: Double, _ attentionDropout: Double) {
        let span = 2 * shape.size - 1
        relativePositionBiasTable = Initialize.truncatedNormal([span * span, shape.heads], std: 0.02)
        relativePositionIndex = shape.relativePositions
        super.init(shape, shift: shift, dropout, attentionDropout)
    }

    override var positionBias: Tensor { relativePositionBiasTable.indexSelect(0, relativePositionIndex) }
}

/// The second paper's: cosines of queries and keys, and a small network that makes numbers of relative positions.
final class CosineAttention: WindowAttention {
    /// `[heads, 1, 1]`.
    @Param private var logitScale: Tensor
    /// `[1, 2 size - 1, 2 size - 1, 2]`.
    @Buffer private var relativeCoordsTable: Tensor
    @Buffer private var relativePositionIndex: Tensor
    private let cpbMlp: Sequential

    override init(_ shape: WindowShape, shift: Int, _ dropout: Double, _ attentionDropout: Double) {
        logitScale = Tensor.full([shape.heads, 1, 1], 10.0).log()
        relativeCoordsTable = Self.coordinates(shape.size)
        relativePositionIndex = shape.relativePositions
        cpbMlp = Sequential([Linear(2, 512), ReLU(), Linear(512, shape.heads, bias: false)])
        super.init(shape, shift: shift, dropout, attentionDropout)
    }

    /// Relative positions on a logarithmic scale.
    private static func coordinates(_ size: Int) -> Tensor {
        let line = Tensor.arange(1 - size, size).to(.float32) / (size - 1) * 8
        let scaled = line.sign() * (line.abs() + 1).log2() / 3
        let span = 2 * size - 1
        let rows = scaled.reshape([span, 1]).expand(to: [span, span])
        return Tensor.stack([rows, rows.transpose(0, 1)], dim: -1).unsqueeze(0)
    }

    override var positionBias: Tensor {
        let table = cpbMlp(relativeCoordsTable).reshape([-1, shape.heads]).sigmoid() * 16
        return table.indexSelect(0, relativePositionIndex)
    }

    override func scores(_ queries: Tensor, _ keys: Tensor) -> Tensor {
        // The learned scale of the cosine is limited to 100, as in the paper.
        let scale = logitScale.clamp(max: 4.605170185988092).exp()
        return queries.normalized().matmul(keys.normalized().transpose(-2, -1)) * scale
    }

    /// Keys have none.
    override func projectionBias(_ bias: Tensor?) -> Tensor? {
        guard let bias else { return nil }
        let parts = bias.chunk(3)
        return Tensor.cat([parts[0], Tensor.zeros(like: parts[1]), parts[2]])
    }
}

extension Tensor {
    /// Divided by the length of the last dimension.
    fileprivate func normalized() -> Tensor { self / norm(dim: -1, keepDim: true).clamp(min: 1e-12) }
}

/// How an image of places is divided into windows.
private struct WindowGrid {
    let height: Int
    let width: Int
    let size: Int
    /// By how much windows are moved down and to the right. A single window is not.
    let down: Int
    let right: Int

    init(height: Int, width: Int, size: Int, shift: Int) {
        self.height = height
        self.width = width
        self.size = size
        down = size >= height ? 0 : shift
        right = size >= width ? 0 : shift
    }

    private var rows: Int { height / size }
    private var columns: Int { width / size }

    /// `[N, H, W, C]` as `[N, windows, places, C]`.
    func divided(_ x: Tensor) -> Tensor {
        shifted(x, -down, -right).reshape([x.shape[0], rows, size, columns, size, x.shape[3]])
            .permute(0, 1, 3, 2, 4, 5).reshape([x.shape[0], rows * columns, size * size, x.shape[3]])
    }

    /// `[N, windows, places, C]` as `[N, H, W, C]`.
    func joined(_ x: Tensor, samples: Int) -> Tensor {
        let whole = x.reshape([samples, rows, columns, size, size, x.shape[3]]).permute(0, 1, 3, 2, 4, 5)
            .reshape([samples, height, width, x.shape[3]])
        return shifted(whole, down, right)
    }

    private func shifted(_ x: Tensor, _ down: Int, _ right: Int) -> Tensor {
        let x = down == 0 ? x : x.roll(down, dim: 1)
        return right == 0 ? x : x.roll(right, dim: 2)
    }

    /// -100 for pairs of places of one window that come from different sides of the image: `[windows, 1, places,
    /// places]`; nil where there are none.
    func mask(dtype: DType) -> Tensor? {
        guard down + right > 0 else { return nil }
        let places = (0..<rows * columns).map { window in
            (0..<size * size).map { place in
                3 * part(window / columns * size + place / size, height, down)
                    + part(window % columns * size + place % size, width, right)
            }
        }
        let sides = Tensor(places.flatMap { $0 }, shape: [rows * columns, 1, size * size])
        let differ = sides.unsqueeze(2) == sides.unsqueeze(3)
        return Tensor.where(
            differ, Tensor.zeros([], dtype: dtype, device: differ.device),
            Tensor.full([], -100.0, dtype: dtype, device: differ.device))
    }

    /// Which of three parts of a side of the image a position lies in: those before the last window, those of it that
    /// the shift left there, and those that it brought from the other end.
    private func part(_ position: Int, _ length: Int, _ shift: Int) -> Int {
        position < length - size ? 0 : position < length - shift ? 1 : 2
    }
}
