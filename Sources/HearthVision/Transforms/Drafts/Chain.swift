import HearthTensor
import Synchronization

/// A transform that works on drafts, so that its work can be done together with that of its neighbours.
protocol DraftTransform: Transform {
    /// Does the step, or notes it down.
    func edit(_ draft: inout Draft, random: Generator)
}

extension DraftTransform {
    /// The image after this step.
    public func callAsFunction(_ image: Tensor, random: Generator) -> Tensor { draw(self, image, random) }
}

/// The image after one step; not generic, so that it is compiled once for all of them.
private func draw(_ step: any DraftTransform, _ image: Tensor, _ random: Generator) -> Tensor {
    withDevice(.cpu) {
        var draft = Draft(image)
        step.edit(&draft, random: random)
        return draft.pixels
    }.to(image.device)
}

extension Draft {
    /// Takes steps one after another.
    mutating func take(_ steps: [any Transform], random: Generator) {
        for step in steps {
            if let step = step as? any DraftTransform {
                step.edit(&self, random: random)
            } else if let chain = step as? Compose {
                take(chain.steps, random: random)
            } else {
                pixels = step(pixels, random: random)
            }
        }
    }
}

/// Steps prepared to be taken in as few walks over the pixels as they allow: neighbours that work on drafts share them,
/// and pixelwise steps that end in floats (`ToTensor`, `Normalize`) are one table that ends a walk, whether they stand at
/// the end or before steps that need floats (`RandomErasing`).
struct Chain: Sendable {
    private let parts: [Part]

    private enum Part {
        case steps([any Transform])
        /// Neighbouring pixelwise steps.
        case table(Ending)
    }

    init(_ transforms: [any Transform]) {
        var steps = transforms.flatMap(Self.flattened)[...]
        var parts: [Part] = []
        while let first = steps.first {
            let run = steps.prefix { $0.isPixelwise == first.isPixelwise }
            // Pixelwise steps on drafts keep bytes as they are, and need no table of floats.
            let isTable = first.isPixelwise && !run.allSatisfy { $0 is any DraftTransform }
            parts.append(isTable ? .table(Ending(Array(run))) : .steps(Array(run)))
            steps = steps.dropFirst(run.count)
        }
        self.parts = parts
    }

    /// Chains within a chain are part of it.
    private static func flattened(_ step: any Transform) -> [any Transform] {
        (step as? Compose).map { $0.steps.flatMap(flattened) } ?? [step]
    }

    /// The image after all steps.
    func run(_ image: Tensor, random: Generator) -> Tensor {
        let result =
            switch outcome(image, random: random) {
            case .pass(let pass): pass.tensor()
            case .tensor(let tensor): tensor
            }
        return result.to(image.device)
    }

    /// What is left to do after all steps: one pass over the pixels, or nothing.
    enum Outcome {
        case pass(PixelPass)
        case tensor(Tensor)

        var shape: Shape {
            switch self {
            case .pass(let pass): pass.shape
            case .tensor(let tensor): tensor.shape
            }
        }

        var dtype: DType {
            switch self {
            case .pass(let pass): pass.dtype
            case .tensor(let tensor): tensor.dtype
            }
        }
    }

    /// Takes all steps up to the last pass.
    func outcome(_ image: Tensor, random: Generator) -> Outcome {
        withDevice(.cpu) { steps(image, random: random) }
    }

    private func steps(_ image: Tensor, random: Generator) -> Outcome {
        var draft = Draft(image)
        for (number, part) in parts.enumerated() {
            switch part {
            case .steps(let steps): draft.take(steps, random: random)
            case .table(let ending):
                guard draft.holdsBytes, let table = ending.table(channels: draft.channels) else {
                    draft.take(ending.steps, random: random)
                    continue
                }
                let pass = draft.pass(table)
                if number == parts.count - 1 { return .pass(pass) }
                draft = Draft(pass.tensor())
            }
        }
        return draft.holdsBytes ? .pass(draft.pass(nil)) : .tensor(draft.pixels)
    }

    /// Images after all steps, side by side in one tensor. `refuse` gets the number of the first image that is not of the
    /// first one's shape.
    static func stack(_ outcomes: [Outcome], orElse refuse: (Int) throws -> Never) rethrows -> Tensor {
        guard let first = outcomes.first else { fatalError("a batch has no images") }
        let (shape, dtype) = (first.shape, first.dtype)
        if let other = outcomes.indices.dropFirst().first(where: {
            outcomes[$0].shape != shape || outcomes[$0].dtype != dtype
        }) {
            try refuse(other)
        }
        let size = shape.elementCount * dtype.byteCount
        return Tensor.make(Shape([outcomes.count] + Array(shape)), dtype, device: .cpu) { out in
            for (i, outcome) in outcomes.enumerated() {
                let slot = UnsafeMutableRawBufferPointer(rebasing: out[(i * size)..<((i + 1) * size)])
                switch outcome {
                case .pass(let pass): pass.write(to: slot)
                case .tensor(let tensor): tensor.withUnsafeBytes { slot.copyMemory(from: $0) }
                }
            }
        }
    }
}

/// Pixelwise steps that end in floats, worked out for each byte when they are first met with a number of channels.
private final class Ending: Sendable {
    let steps: [any Transform]
    /// By the number of channels; nothing where the steps do not end in `float32`.
    private let tables = Mutex<[Int: PixelTable?]>([:])

    init(_ steps: [any Transform]) { self.steps = steps }

    func table(channels: Int) -> PixelTable? {
        if let known = tables.withLock({ $0[channels] }) { return known }
        let table = PixelTable(steps, channels: channels)
        tables.withLock { $0[channels] = .some(table) }
        return table
    }
}
