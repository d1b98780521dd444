import HearthTensor

// What samples of common kinds become in a batch. PyTorch's `default_collate`.

/// Tensors of one shape, stacked.
public func defaultCollate(_ samples: [Tensor]) -> Tensor { Tensor.stack(samples) }

/// Pairs: the first parts stacked, and the second ones.
public func defaultCollate(_ samples: [(Tensor, Tensor)]) -> (Tensor, Tensor) {
    (Tensor.stack(samples.map(\.0)), Tensor.stack(samples.map(\.1)))
}

/// Triples: the parts stacked, each with its like.
public func defaultCollate(_ samples: [(Tensor, Tensor, Tensor)]) -> (Tensor, Tensor, Tensor) {
    (Tensor.stack(samples.map(\.0)), Tensor.stack(samples.map(\.1)), Tensor.stack(samples.map(\.2)))
}

/// Tensors with a class each: the tensors stacked, the classes in one tensor, int64.
public func defaultCollate(_ samples: [(Tensor, Int)]) -> (Tensor, Tensor) {
    (Tensor.stack(samples.map(\.0)), Tensor(samples.map(\.1)))
}

/// Numbers in one tensor, int64.
public func defaultCollate(_ samples: [Int]) -> Tensor { Tensor(samples) }

/// Numbers in one tensor, float64 as in PyTorch.
public func defaultCollate(_ samples: [Double]) -> Tensor { Tensor(samples, dtype: .float64) }

/// Lists of one length: each position stacked by itself.
public func defaultCollate(_ samples: [[Tensor]]) -> [Tensor] {
    guard let count = samples.first?.count, samples.allSatisfy({ $0.count == count }) else {
        stop("defaultCollate", "samples with \(samples.map(\.count)) parts; all need the same number")
        return []
    }
    return (0..<count).map { part in Tensor.stack(samples.map { $0[part] }) }
}

/// Samples by name: each name stacked by itself.
public func defaultCollate(_ samples: [[String: Tensor]]) -> [String: Tensor] {
    guard let names = samples.first?.keys, samples.allSatisfy({ $0.keys == names }) else {
        stop("defaultCollate", "samples have different names")
        return [:]
    }
    return Dictionary(uniqueKeysWithValues: names.map { name in (name, Tensor.stack(samples.map { $0[name]! })) })
}
