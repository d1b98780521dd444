/// The value of a hyperparameter, as TensorBoard's table of them shows it.
public enum HyperparameterValue: Sendable, Hashable {
    /// A number.
    case number(Double)
    /// A word.
    case text(String)
    /// Yes or no.
    case bool(Bool)

    /// The message `google.protobuf.Value`.
    fileprivate var message: ProtocolBuffer {
        ProtocolBuffer { value in
            switch self {
            case .number(let number): value.add(2, number)
            case .text(let text): value.add(3, text)
            case .bool(let bool): value.add(4, bool)
            }
        }
    }

    /// The number of the kind in TensorBoard's enumeration.
    fileprivate var kind: Int {
        switch self {
        case .text: 1
        case .bool: 2
        case .number: 3
        }
    }
}

extension SummaryWriter {
    /// The settings of this run and what came of them: a row of TensorBoard's table of hyperparameters. Each metric is also a
    /// scalar of its name, at step 0. PyTorch's `add_hparams`, which puts them into a run of their own.
    public func addHParams(
        _ parameters: [(name: String, value: HyperparameterValue)], metrics: [(name: String, value: Double)]
    ) {
        addHParamsSummary("_hparams_/experiment", field: 2) { experiment in
            for (name, value) in parameters {
                experiment.add(4) { info in
                    info.add(1, name)
                    info.add(4, value.kind)
                }
            }
            for (name, _) in metrics { experiment.add(5) { $0.add(1) { $0.add(2, name) } } }
        }
        addHParamsSummary("_hparams_/session_start_info", field: 3) { start in
            for (name, value) in parameters { start.add(1, name, value.message) }
            start.add(5, Self.wallTime)
        }
        addHParamsSummary("_hparams_/session_end_info", field: 4) { end in
            // STATUS_SUCCESS
            end.add(1, 1)
            end.add(2, Self.wallTime)
        }
        for (name, value) in metrics { addScalar(name, value, step: 0) }
    }

    private func addHParamsSummary(_ tag: String, field: Int, _ build: (inout ProtocolBuffer) -> Void) {
        let content = ProtocolBuffer { $0.add(field, build) }
        addSummary(tag, step: 0) { $0.add(9, Self.metadata("hparams", content.bytes)) }
    }
}
