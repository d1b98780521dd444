import HearthTensor

extension Module {
    /// The modules in properties, by their names.
    var declaredChildren: [(name: String, module: Module)] {
        parts.compactMap { name, part in if case .module(let module) = part { (name, module) } else { nil } }
    }

    /// The parameters in properties, by their names.
    var declaredParameters: [(name: String, parameter: Parameter)] {
        parts.compactMap { name, part in if case .parameter(let parameter) = part { (name, parameter) } else { nil } }
    }

    /// The buffers in properties, by their names.
    var declaredBuffers: [NamedBuffer] {
        parts.compactMap { if case .buffer(let buffer) = $0.part { buffer } else { nil } }
    }

    /// All parameters with their paths, each once: `layer1.0.conv1.weight`.
    public var namedParameters: [(name: String, parameter: Parameter)] {
        var seen: Set<ObjectIdentifier> = []
        return allParameters.filter { seen.insert(ObjectIdentifier($0.parameter)).inserted }
    }

    /// All parameters, each once. What an optimizer is given.
    public var parameters: [Parameter] { namedParameters.map(\.parameter) }

    /// All buffers with their paths.
    public var namedBuffers: [NamedBuffer] {
        namedModules.flatMap { path, module in
            module.savedBuffers.map { buffer in
                NamedBuffer(
                    name: Self.join(path, buffer.name), isPersistent: buffer.isPersistent,
                    get: { buffer.tensor }, set: { buffer.tensor = $0 })
            }
        }
    }

    /// The number of elements of all parameters; with `trainableOnly`, of those that require a gradient.
    public func parameterCount(trainableOnly: Bool = false) -> Int {
        parameters.filter { !trainableOnly || $0.requiresGrad }.reduce(0) { $0 + $1.count }
    }

    /// Parameters under every name that they have: a shared one appears as often as it is named.
    var allParameters: [(name: String, parameter: Parameter)] {
        namedModules.flatMap { path, module in
            module.trainedParameters.map { (name: Self.join(path, $0.name), parameter: $0.parameter) }
        }
    }

    private static func join(_ path: String, _ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    /// Freezes all parameters (false), or makes them take part in training again.
    @discardableResult
    public func requiresGrad(_ on: Bool) -> Self {
        for parameter in parameters { parameter.requiresGrad = on }
        return self
    }

    /// Takes all parameters out of training: no gradients, no updates.
    @discardableResult
    public func freeze() -> Self { requiresGrad(false) }

    /// Makes all parameters take part in training.
    @discardableResult
    public func unfreeze() -> Self { requiresGrad(true) }

    /// Takes the parameters whose names fit a pattern out of training, and tells their names.
    ///
    ///     model.freeze(where: "layer1.*", "*.bn?.*")   // ["layer1.0.conv1.weight", …]
    ///
    /// In a pattern `*` stands for any characters, dots among them, and `?` for one. Running averages of batch
    /// normalisation go on following the batches; `model.layer1.eval()` stops them.
    @discardableResult
    public func freeze(where patterns: String...) -> [String] { requiresGrad(false, where: patterns) }

    /// Makes the parameters whose names fit a pattern take part in training, and tells their names.
    @discardableResult
    public func unfreeze(where patterns: String...) -> [String] { requiresGrad(true, where: patterns) }

    private func requiresGrad(_ on: Bool, where patterns: [String]) -> [String] {
        let patterns = patterns.map { NamePattern($0) }
        let chosen = namedParameters.filter { entry in patterns.contains { $0.matches(entry.name) } }
        for entry in chosen { entry.parameter.requiresGrad = on }
        return chosen.map(\.name)
    }

    /// Forgets the gradients of all parameters.
    public func zeroGrad() { for parameter in parameters { parameter.grad = nil } }

    /// Converts floating-point parameters and buffers to another floating-point dtype.
    @discardableResult
    public func to(_ dtype: DType) -> Self {
        require(dtype.isFloatingPoint, "Module.to", "a floating-point dtype is expected, not \(dtype)")
        return replaceTensors { $0.dtype.isFloatingPoint ? $0.to(dtype) : $0 }
    }

    /// Moves parameters and buffers to another device.
    @discardableResult
    public func to(_ device: Device) -> Self { replaceTensors { $0.to(device) } }

    private func replaceTensors(_ body: (Tensor) -> Tensor) -> Self {
        noGrad {
            for parameter in parameters {
                let new = body(parameter.tensor.detach())
                if !new.isIdentical(to: parameter.tensor) { parameter.tensor = new }
            }
            for buffer in namedBuffers { if let tensor = buffer.tensor { buffer.tensor = body(tensor) } }
        }
        return self
    }
}
