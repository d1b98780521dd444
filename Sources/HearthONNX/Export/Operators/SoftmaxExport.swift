import HearthGraph
import HearthTensor

extension ExportTable {
    static let softmaxes: [String: ExportRule] = [
        "softmax": { n in n.draft.add("Softmax", [n[0]], ["axis": .int(try n.axis())]) },
        "log_softmax": { n in n.draft.add("LogSoftmax", [n[0]], ["axis": .int(try n.axis())]) },
    ]

    static let losses: [String: ExportRule] = [
        "cross_entropy": { n in
            n.draft.add(
                "SoftmaxCrossEntropyLoss", [n[0], n[1]],
                ["reduction": "none", "ignore_index": .int(try n.arguments.int("ignoreIndex"))])
        },
        "binary_cross_entropy": { n in
            // A logarithm is never below -100, so that a certain mistake stays finite.
            let log = n[0].then("Log").with("Max", -100)
            let logOfRest = (1 - n[0]).then("Log").with("Max", -100)
            return -(n[1] * log + (1 - n[1]) * logOfRest)
        },
    ]
}
