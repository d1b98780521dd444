import HearthTensor

/// How many elements of a parameter are pruned.
public enum PruningAmount: Sendable, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
    /// This part of those that are left.
    case fraction(Double)
    /// So many.
    case count(Int)

    /// A part of those that are left.
    public init(floatLiteral value: Double) { self = .fraction(value) }
    /// So many.
    public init(integerLiteral value: Int) { self = .count(value) }

    func of(_ total: Int) -> Int {
        switch self {
        case .fraction(let part):
            require((0...1).contains(part), "pruning", "the fraction \(part) is not in 0...1")
            return Int((part * Double(total)).rounded(.toNearestOrEven))
        case .count(let count):
            require((0...total).contains(count), "pruning", "\(count) of \(total) elements")
            return count
        }
    }
}

/// Ways to set elements of parameters to 0 for good. PyTorch's `torch.nn.utils.prune`.
///
///     Prune.l1Unstructured(model.fc1, "weight", amount: 0.3)   // weight_orig and weight_mask take its place
///     Prune.remove(model.fc1, "weight")                        // the zeros stay, mask and original go
///
/// Pruning again chooses among the elements that are left.
public enum Prune {
    /// Prunes the elements of smallest absolute value. PyTorch's `l1_unstructured`.
    public static func l1Unstructured(_ module: Module, _ name: String, amount: PruningAmount) {
        prune(module, name, amount) { $0.abs() }
    }

    /// Prunes elements at random. PyTorch's `random_unstructured`.
    public static func randomUnstructured(
        _ module: Module, _ name: String, amount: PruningAmount, generator: Generator? = nil
    ) {
        prune(module, name, amount) { Tensor.rand($0.shape, device: $0.device, generator: generator) }
    }

    /// Prunes the elements at which `mask` is 0. PyTorch's `custom_from_mask`.
    public static func customFromMask(_ module: Module, _ name: String, mask: Tensor) {
        let parameter = module.parameter(named: name)
        require(
            mask.shape == parameter.shape, "Prune",
            "a mask of shape \(mask.shape) for \(name) of shape \(parameter.shape)")
        let kept = (mask != 0).to(parameter.dtype)
        if let pruned = parameter.source as? PrunedParameter {
            pruned.mask = pruned.mask * kept
        } else if parameter.source == nil {
            parameter.follow(PrunedParameter(parameter, mask: kept))
        } else {
            stop("Prune", "\(name) of \(type(of: module)) is parametrized")
        }
    }

    /// Makes a pruned parameter one of its own again, with its zeros. PyTorch's `remove`.
    public static func remove(_ module: Module, _ name: String) {
        let parameter = module.parameter(named: name)
        guard let pruned = parameter.source as? PrunedParameter else {
            return stop("Prune", "\(name) of \(type(of: module)) is not pruned")
        }
        parameter.stand(on: noGrad { pruned.value }, requiresGrad: pruned.original.requiresGrad)
    }

    /// True when a parameter of the module, or of one inside it, is pruned. PyTorch's `is_pruned`.
    public static func isPruned(_ module: Module) -> Bool {
        module.modules.contains { $0.ownParameters.contains { $0.parameter.source is PrunedParameter } }
    }

    /// Prunes the elements of smallest score among those that are left.
    private static func prune(
        _ module: Module, _ name: String, _ amount: PruningAmount, score: (Tensor) -> Tensor
    ) {
        let parameter = module.parameter(named: name)
        let mask = noGrad {
            let earlier =
                (parameter.source as? PrunedParameter)?.mask ?? Tensor.ones(parameter.shape, device: parameter.device)
            let left = earlier.reshape([-1]) != 0
            let count = amount.of(left.sum().item(as: Int.self))
            let scores = score(parameter.tensor.detach()).reshape([-1]).to(.float64)
            let chosen = Tensor.where(left, scores, Double.infinity).topK(count, dim: 0, largest: false).indices
            return earlier.reshape([-1]).indexFill(0, chosen, 0).reshape(parameter.shape)
        }
        customFromMask(module, name, mask: mask)
    }
}

/// A parameter times a mask.
final class PrunedParameter: ParameterSource {
    let original: Parameter
    var mask: Tensor

    init(_ parameter: Parameter, mask: Tensor) {
        original = Parameter(parameter.tensor.detach(), requiresGrad: parameter.requiresGrad)
        self.mask = mask
    }

    var value: Tensor { original.tensor * mask.to(original.dtype) }
    func assign(_ value: Tensor) { original.tensor = value }
}
