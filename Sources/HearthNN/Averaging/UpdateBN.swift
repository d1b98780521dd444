import HearthTensor

/// A module that keeps running averages of what passes through it, such as batch normalisation.
public protocol RunningStatistics: Module {
    /// The part of a new batch in the running averages; nil for the plain average of all batches.
    var momentum: Double? { get set }
    /// Forgets all batches.
    func resetRunningStats()
}

/// Computes the running averages of a model anew from all batches, as averaged weights need it. PyTorch's
/// `swa_utils.update_bn`.
///
///     averages.copyToModel()
///     updateBN(loader.lazy.map(\.0), model)
public func updateBN(_ batches: some Sequence<Tensor>, _ model: some Layer) {
    let keepers = model.modules.compactMap { $0 as? any RunningStatistics }
    guard !keepers.isEmpty else { return }
    let momenta = keepers.map(\.momentum)
    let wasTraining = model.isTraining
    model.train()
    for keeper in keepers {
        keeper.resetRunningStats()
        keeper.momentum = nil
    }
    noGrad { for batch in batches { _ = model(batch) } }
    for (keeper, momentum) in zip(keepers, momenta) { keeper.momentum = momentum }
    model.train(wasTraining)
}
