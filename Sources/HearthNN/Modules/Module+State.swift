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

    /// The error in words, with the remedy where there is one.
    public var description: String {
        (["the state dict does not fit \(module):"] + Self.lines(missing, unexpected, misfitting) + remedies)
            .joined(separator: "\n")
    }

    private var remedies: [String] {
        var remedies: [String] = []
        if let (beginning, replacement) = renaming {
            remedies.append("  renaming: [(\"\(beginning)\", \"\(replacement)\")] makes the names those of the model")
        }
        if missing.isEmpty, unexpected.isEmpty,
            misfitting.allSatisfy({ $0.expected.dropFirst().elementsEqual($0.found.dropFirst()) })
        {
            remedies.append("  skippingMisfits: true loads the rest, as for a network with another number of classes")
        }
        return remedies
    }

    /// The beginning by which all names differ, as the `module.` that PyTorch's `DataParallel` writes, and what belongs
    /// there.
    private var renaming: (beginning: String, replacement: String)? {
        guard let found = unexpected.first, !missing.isEmpty else { return nil }
        for name in missing {
            if found.hasSuffix(name), case let extra = found.dropLast(name.count),
                unexpected.allSatisfy({ $0.hasPrefix(extra) && missing.contains(String($0.dropFirst(extra.count))) })
            {
                return (String(extra), "")
            }
            if name.hasSuffix(found), case let lacking = name.dropLast(found.count),
                unexpected.allSatisfy({ missing.contains(lacking + $0) })
            {
                return ("", String(lacking))
            }
        }
        return nil
    }

    /// A line for each name.
    static func lines(
        _ missing: [String], _ unexpected: [String], _ misfitting: [(name: String, expected: Shape, found: Shape)]
    ) -> [String] {
        missing.map { "  missing: \($0)" } + unexpected.map { "  unexpected: \($0)" }
            + misfitting.map { "  shape of \($0.name): expected \($0.expected), found \($0.found)" }
    }
}

/// What loading a state dict has done.
public struct LoadReport: Sendable, CustomStringConvertible {
    /// Names whose tensors were loaded.
    public internal(set) var loaded: [String] = []
    /// Names that the module has and the state dict has not; they kept their values.
    public internal(set) var missing: [String] = []
    /// Names that the state dict has and the module has not; they were left out.
    public internal(set) var unexpected: [String] = []
    /// Names that both have, with different shapes: what was expected and what was found. They kept their values.
    public internal(set) var misfitting: [(name: String, expected: Shape, found: Shape)] = []

    /// How much was loaded, and a line for each name that was not.
    public var description: String {
        (["loaded \(loaded.count) of \(loaded.count + missing.count + misfitting.count) tensors"]
            + StateDictError.lines(missing, unexpected, misfitting)).joined(separator: "\n")
    }
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
    ///     try model.loadStateDict(StateDict(contentsOf: "model.pth"))
    ///
    ///     // Another network's weights under a new head: whatever fits.
    ///     let report = try model.loadStateDict(
    ///         other, strict: false, skippingMisfits: true, renaming: [("module.", ""), ("backbone.", "features.")])
    ///     print(report)   // loaded 120 of 122 tensors …
    ///
    /// - Parameters:
    ///   - state: Tensors under PyTorch's names.
    ///   - strict: Whether names that only one side has are an error.
    ///   - skippingMisfits: Whether tensors of another shape are left out and reported; otherwise they are an error.
    ///   - renaming: Beginnings of names in `state` and what takes their place; of several that fit the first counts.
    /// - Returns: What was loaded and what was not.
    /// - Throws: `StateDictError` that lists everything that does not fit; then nothing was changed.
    @discardableResult
    public func loadStateDict(
        _ state: StateDict, strict: Bool = true, skippingMisfits: Bool = false,
        renaming: [(beginning: String, replacement: String)] = []
    ) throws(StateDictError) -> LoadReport {
        let owners = Dictionary(uniqueKeysWithValues: namedModules.map { ($0.name, $0.module) })
        let state = state.renamed { Self.current(Self.renamed($0, renaming), owners) }
        var report = LoadReport()
        var assignments: [(found: Tensor, slot: Slot)] = []
        let slots = slots
        for slot in slots {
            guard let found = state[slot.name] else {
                report.missing.append(slot.name)
                continue
            }
            guard found.shape == slot.tensor.shape else {
                report.misfitting.append((name: slot.name, expected: slot.tensor.shape, found: found.shape))
                continue
            }
            report.loaded.append(slot.name)
            assignments.append((found, slot))
        }
        let known = Set(slots.map(\.name))
        report.unexpected = state.keys.filter { !known.contains($0) }
        guard skippingMisfits || report.misfitting.isEmpty,
            !strict || (report.missing.isEmpty && report.unexpected.isEmpty)
        else {
            throw StateDictError(
                module: String(describing: type(of: self)), missing: strict ? report.missing : [],
                unexpected: strict ? report.unexpected : [], misfitting: skippingMisfits ? [] : report.misfitting)
        }
        noGrad { for (found, slot) in assignments { slot.fill(with: found.detach()) } }
        return report
    }

    private static func renamed(_ name: String, _ rules: [(beginning: String, replacement: String)]) -> String {
        guard let rule = rules.first(where: { name.hasPrefix($0.beginning) }) else { return name }
        return rule.replacement + name.dropFirst(rule.beginning.count)
    }

    /// The name that today's modules have for what a file calls `name`: each module on the path may rename the rest of
    /// it.
    private static func current(_ name: String, _ modules: [String: Module]) -> String {
        var path = ""
        var rest = name
        while true {
            if let module = modules[path] { rest = module.currentName(of: rest) }
            guard let dot = rest.firstIndex(of: ".") else { return path.isEmpty ? rest : "\(path).\(rest)" }
            path += (path.isEmpty ? "" : ".") + rest[..<dot]
            rest = String(rest[rest.index(after: dot)...])
        }
    }

    /// The places that a state dict fills.
    private var slots: [Slot] {
        allParameters.map { name, parameter in
            Slot(name: name, tensor: parameter.tensor) { parameter.tensor = $0 }
        }
            + namedBuffers.compactMap { buffer in
                guard buffer.isPersistent, let tensor = buffer.tensor else { return nil }
                return Slot(name: buffer.name, tensor: tensor) { buffer.tensor = $0 }
            }
    }
}

/// A parameter or buffer that a tensor of a state dict takes the place of.
private struct Slot {
    let name: String
    let tensor: Tensor
    let set: (Tensor) -> Void

    /// Takes over the elements in the dtype and on the device of what was there; what had only a shape so far gets
    /// them on the default device.
    func fill(with found: Tensor) {
        set(found.to(tensor.dtype).to(tensor.hasElements ? tensor.device : .default))
    }
}
