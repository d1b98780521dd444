import HearthTensor

/// What did not fit when a state dict was loaded.
public struct StateDictError: Error, CustomStringConvertible {
    /// The module's type.
    public let module: String
    /// Names that the module has and the state dict has not.
    public let missing: [String]
    /// Names that the state dict has and the module has not.
    public let unexpected: [String]
    /// Names that both have, with different shapes: what was expected and what was found.
    public let misfitting: [(name: String, expected: Shape, found: Shape)]

    /// The error in words.
    public var description: String {
        var lines = ["the state dict does not fit \(module):"]
        lines += missing.map { "  missing: \($0)" }
        lines += unexpected.map { "  unexpected: \($0)" }
        lines += misfitting.map { "  shape of \($0.name): expected \($0.expected), found \($0.found)" }
        return lines.joined(separator: "\n")
    }
}

/// What loading a state dict has done.
public struct LoadReport: Sendable {
    /// Names whose tensors were loaded.
    public internal(set) var loaded: [String] = []
    /// Names that the module has and the state dict has not; they kept their values.
    public internal(set) var missing: [String] = []
    /// Names that the state dict has and the module has not; they were left out.
    public internal(set) var unexpected: [String] = []
}

extension Module {
    /// The values of all parameters and saved buffers under PyTorch's names. A value: training on does not change it.
    public var stateDict: StateDict {
        var state = StateDict()
        for (path, module) in namedModules {
            let prefix = path.isEmpty ? "" : path + "."
            for (name, parameter) in module.trainedParameters {
                state[prefix + name] = parameter.tensor.detach()
            }
            for buffer in module.savedBuffers where buffer.isPersistent {
                if let tensor = buffer.tensor { state[prefix + buffer.name] = tensor }
            }
        }
        return state
    }

    /// Gives parameters and buffers the values of a state dict, converted to their dtypes.
    ///
    /// - Parameters:
    ///   - state: Tensors under PyTorch's names.
    ///   - strict: Whether names that only one side has are an error. Shapes must fit in any case.
    /// - Returns: What was loaded and what was not.
    /// - Throws: `StateDictError` that lists everything that does not fit; then nothing was changed.
    @discardableResult
    public func loadStateDict(_ state: StateDict, strict: Bool = true) throws(StateDictError) -> LoadReport {
        var report = LoadReport()
        var misfitting: [(name: String, expected: Shape, found: Shape)] = []
        var assignments: [(Tensor, (Tensor) -> Void, DType)] = []
        for slot in slots {
            guard let found = state[slot.name] else {
                report.missing.append(slot.name)
                continue
            }
            guard found.shape == slot.tensor.shape else {
                misfitting.append((name: slot.name, expected: slot.tensor.shape, found: found.shape))
                continue
            }
            report.loaded.append(slot.name)
            assignments.append((found, slot.set, slot.tensor.dtype))
        }
        let known = Set(slots.map(\.name))
        report.unexpected = state.keys.filter { !known.contains($0) }
        guard misfitting.isEmpty, !strict || (report.missing.isEmpty && report.unexpected.isEmpty) else {
            throw StateDictError(
                module: String(describing: type(of: self)), missing: strict ? report.missing : [],
                unexpected: strict ? report.unexpected : [], misfitting: misfitting)
        }
        noGrad { for (tensor, set, dtype) in assignments { set(tensor.detach().to(dtype)) } }
        return report
    }

    /// The places that a state dict fills.
    private var slots: [(name: String, tensor: Tensor, set: (Tensor) -> Void)] {
        allParameters.map { name, parameter in (name, parameter.tensor, { parameter.tensor = $0 }) }
            + namedBuffers.compactMap { buffer in
                guard buffer.isPersistent, let tensor = buffer.tensor else { return nil }
                return (buffer.name, tensor, { buffer.tensor = $0 })
            }
    }
}
