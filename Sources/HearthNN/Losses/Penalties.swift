import HearthTensor

/// `Σ |w|` over all elements of all parameters: added to a loss it makes weights exactly 0 that bring little.
///
///     let loss = criterion(model(inputs), labels) + 1e-5 * l1Penalty(model.parameters)
///
/// The derivative at 0 is 0. Source: Tibshirani, "Regression Shrinkage and Selection via the Lasso", 1996.
public func l1Penalty(_ parameters: [Parameter]) -> Tensor { total(parameters) { $0.abs() } }

/// `Σ w²` over all elements of all parameters. The `weightDecay` of an optimizer is the cheaper way to it: a decay of
/// `λ` is the penalty `λ / 2 Σ w²`.
public func l2Penalty(_ parameters: [Parameter]) -> Tensor { total(parameters) { $0.square() } }

/// `l1Ratio Σ |w| + (1 - l1Ratio) / 2 Σ w²` over all elements of all parameters.
///
/// Source: Zou and Hastie, "Regularization and Variable Selection via the Elastic Net", 2005.
public func elasticPenalty(_ parameters: [Parameter], l1Ratio: Double = 0.5) -> Tensor {
    l1Penalty(parameters) * l1Ratio + l2Penalty(parameters) * ((1 - l1Ratio) / 2)
}

private func total(_ parameters: [Parameter], _ term: (Tensor) -> Tensor) -> Tensor {
    let sums = parameters.map { term($0.tensor).sum() }
    return sums.dropFirst().reduce(sums.first ?? Tensor(0.0)) { $0 + $1 }
}
