import HearthGraph
import HearthTensor

extension ExportTable {
    static let conversions: [String: ExportRule] = [
        "to": { n in n[0].to(try n.arguments.dtype("dtype")) },
        "contiguous": { n in n[0] },
        "to_device": { n in n[0] },
        // What Hearth checks while it runs other runtimes take as it is.
        "check_classes": { n in n[0] },
        "check_range": { n in n[0] },
        "check_weights": { n in n[0] },
        "where": { n in
            let x = n.unexpanded()
            return x[1].where(x[0], else: x[2])
        },
    ]
}
