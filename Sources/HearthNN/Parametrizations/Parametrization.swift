import HearthTensor

/// A way to compute a parameter from others that are trained in its place.
///
///     final class Symmetric: Module, Parametrization {
///         func forward(_ x: [Tensor]) -> Tensor { x[0].triu() + x[0].triu(diagonal: 1).mT }
///     }
///     linear.registerParametrization("weight", Symmetric())
///     linear.weight   // symmetric, and differentiable by what it is made of
///
/// The counterpart of a module that is given to PyTorch's `parametrize.register_parametrization`.
public protocol Parametrization: Module {
    /// The parameter for the tensors that it is made of.
    func forward(_ originals: [Tensor]) -> Tensor
    /// Tensors that a parameter of this value can be made of. By default the value alone.
    func rightInverse(_ value: Tensor) -> [Tensor]
}

extension Parametrization {
    /// The value alone.
    public func rightInverse(_ value: Tensor) -> [Tensor] { [value] }
}

/// The parametrizations of one parameter, the first of which reads the trained ones.
final class ParametrizationList: Module, ParameterSource {
    private(set) var originals: [Parameter]
    private var steps: [any Parametrization]

    init(_ parameter: Parameter, _ first: any Parametrization) {
        let value = parameter.tensor.detach()
        originals = noGrad { first.rightInverse(value) }.map {
            Parameter($0.contiguous(), requiresGrad: parameter.requiresGrad)
        }
        steps = [first]
    }

    func append(_ step: any Parametrization) {
        let value = noGrad { self.value }
        steps.append(step)
        assign(value)
    }

    override var ownParameters: [(name: String, parameter: Parameter)] {
        originals.count == 1
            ? [("original", originals[0])] : originals.enumerated().map { ("original\($0)", $1) }
    }

    override var namedChildren: [(name: String, module: Module)] {
        steps.enumerated().map { (name: String($0), module: $1) }
    }

    var value: Tensor {
        steps.dropFirst().reduce(steps[0].forward(originals.map(\.tensor))) { $1.forward([$0]) }
    }

    func assign(_ value: Tensor) {
        let parts = noGrad { steps.reversed().reduce([value]) { $1.rightInverse($0[0]) } }
        for (original, part) in zip(originals, parts) { original.tensor = part.contiguous() }
    }
}

/// The parametrized parameters of a module, by name: `parametrizations.weight.original`.
final class ParametrizationTable: Module {
    var lists: [(name: String, list: ParametrizationList)] = []

    override var namedChildren: [(name: String, module: Module)] { lists.map { (name: $0.name, module: $0.list) } }
}

extension Module {
    private var parametrizationTable: ParametrizationTable? { parametrizations as? ParametrizationTable }

    /// Computes a parameter with `parametrization` from now on; the tensors that it is made of are trained and saved in
    /// its place, as `parametrizations.weight.original`. Another one for the same parameter reads the result of those
    /// before. PyTorch's `parametrize.register_parametrization`.
    ///
    /// Register before an optimizer is given the parameters.
    public func registerParametrization(_ name: String, _ parametrization: any Parametrization) {
        let parameter = parameter(named: name)
        parametrization.train(isTraining)
        if let list = parameter.source as? ParametrizationList { return list.append(parametrization) }
        let list = ParametrizationList(parameter, parametrization)
        let table = parametrizationTable ?? ParametrizationTable()
        table.lists.append((name: name, list: list))
        parametrizations = table
        table.train(isTraining)
        parameter.follow(list)
    }

    /// Makes a parametrized parameter one of its own again, with the computed value, or with the one that it was made
    /// of unless `leaveParametrized`. PyTorch's `parametrize.remove_parametrizations`.
    public func removeParametrizations(_ name: String, leaveParametrized: Bool = true) {
        let parameter = parameter(named: name)
        guard let list = parameter.source as? ParametrizationList, let table = parametrizationTable else {
            return stop("removeParametrizations", "\(type(of: self)).\(name) is not parametrized")
        }
        require(
            leaveParametrized || list.originals.count == 1, "removeParametrizations",
            "\(name) is made of several tensors; none of them can take its place")
        let value = noGrad { leaveParametrized ? list.value : list.originals[0].tensor }
        parameter.stand(on: value, requiresGrad: list.originals[0].requiresGrad)
        table.lists.removeAll { $0.name == name }
        if table.lists.isEmpty { parametrizations = nil }
    }

    /// True when a parameter, or any when no name is given, is computed from others.
    public func isParametrized(_ name: String? = nil) -> Bool {
        parametrizationTable?.lists.contains { name == nil || $0.name == name } ?? false
    }

    /// The parameter that this module itself has under a name.
    func parameter(named name: String) -> Parameter {
        guard let entry = ownParameters.first(where: { $0.name == name }) else {
            let known = ownParameters.map(\.name).joined(separator: ", ")
            stop("\(type(of: self))", "there is no parameter '\(name)', only \(known)")
            return Parameter(.meta([1]))
        }
        return entry.parameter
    }

    /// The parameters of this module that are trained: its own without those computed from others, and what pruned ones
    /// are computed from.
    var trainedParameters: [(name: String, parameter: Parameter)] {
        let own = ownParameters
        return own.filter { $0.parameter.source == nil }
            + own.compactMap { name, parameter in
                (parameter.source as? PrunedParameter).map { (name: name + "_orig", parameter: $0.original) }
            }
    }

    /// The buffers of this module, the masks of pruned parameters included.
    var savedBuffers: [NamedBuffer] {
        ownBuffers
            + ownParameters.compactMap { name, parameter in
                guard let pruned = parameter.source as? PrunedParameter else { return nil }
                return NamedBuffer(
                    name: name + "_mask", isPersistent: true, get: { pruned.mask }, set: { pruned.mask = $0 })
            }
    }
}
