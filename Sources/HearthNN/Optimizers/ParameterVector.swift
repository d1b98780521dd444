import HearthTensor

/// All elements of all parameters one after another: `[count]`. Recorded, so that it has a gradient. PyTorch's
/// `parameters_to_vector`.
public func parametersToVector(_ parameters: [Parameter]) -> Tensor {
    parameters.isEmpty ? .zeros([0]) : Tensor.cat(parameters.map { $0.tensor.reshape([-1]) })
}

/// Gives parameters the values of a vector that `parametersToVector` made. PyTorch's `vector_to_parameters`.
public func vectorToParameters(_ vector: Tensor, _ parameters: [Parameter]) {
    let count = parameters.reduce(0) { $0 + $1.count }
    require(
        vector.shape == [count], "vectorToParameters", "a vector of \(count) elements is expected; got \(vector.spec)")
    var start = 0
    for parameter in parameters {
        let part = vector.detach().narrow(0, start: start, length: parameter.count)
        parameter.tensor = part.reshape(parameter.shape).to(parameter.dtype)
        start += parameter.count
    }
}
