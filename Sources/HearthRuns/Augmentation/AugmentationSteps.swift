import Hearth
import HearthDescription
import HearthVision

/// What is done to training pictures by chance: the steps of `--augment`.
package struct AugmentationSteps {
    private let steps: [StepKind.Step]

    /// Steps as they are written, `RandomCrop(32, padding=4)`. Throws `RunError` that names the step.
    package init(_ texts: [String]) throws {
        steps = try texts.map { text in
            let call = try StepCall(Substring(text))
            guard let kind = StepKind.named(call.name) else {
                throw RunError(unknown("step", call.name, among: StepKind.all.map(\.name)))
            }
            try call.expectOnly(kind.labels)
            return try kind.make(call)
        }
    }

    /// The steps of the command line's `--augment`: a list with commas, or a file of them. Throws `RunError`.
    package static func texts(_ option: String) throws -> [String] {
        guard option.hasSuffix(".yaml") || option.hasSuffix(".yml") else {
            return try StepCall.list(option).map(\.text)
        }
        return try OptionsFile(contentsOf: option, unnamed: "augment").strings(of: "augment")
    }

    package var isEmpty: Bool { steps.isEmpty }

    /// What is done to each picture.
    package var imageSteps: [any Transform] {
        steps.compactMap { if case .image(let step, _) = $0 { step } else { nil } }
    }

    /// What is done to each batch.
    package func batchSteps(classes: Int) -> [any BatchTransform] {
        steps.compactMap { if case .batch(let make) = $0 { make(classes) } else { nil } }
    }

    /// Throws `RunError` when pictures of this size do not fit the steps, or come out of them in another size.
    package func check(height: Int, width: Int) throws {
        let size = StepKind.Size(height: height, width: width)
        let result = try steps.reduce(size) { size, step in
            guard case .image(_, let resize) = step else { return size }
            return try resize(size)
        }
        guard !result.varies else {
            throw RunError(
                "the augmentation makes pictures of different sizes; a network needs one size, which RandomCrop, "
                    + "CenterCrop and RandomResizedCrop make")
        }
        guard result == size else {
            throw RunError(
                "the augmentation makes pictures of \(result.height) × \(result.width) of those of \(height) × \(width); "
                    + "a network needs one size (--image-size sets it for pictures in folders)")
        }
    }
}
