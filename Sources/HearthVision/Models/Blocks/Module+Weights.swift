import HearthNN
import HearthTensor

extension Module {
    /// Gives new weights to the convolutions and fully connected layers inside. A kind that is left out keeps its own.
    func initializeWeights(
        conv: ((Shape) -> Tensor)? = nil, convBias: ((Shape) -> Tensor)? = { Initialize.zeros($0) },
        linear: ((Shape) -> Tensor)? = nil, linearBias: ((Shape) -> Tensor)? = { Initialize.zeros($0) }
    ) {
        for module in modules {
            if let conv, let layer = module as? Conv2d {
                layer.weight = conv(layer.$weight.shape)
                if let convBias, let bias = layer.$bias { layer.bias = convBias(bias.shape) }
            } else if let linear, let layer = module as? Linear {
                layer.weight = linear(layer.$weight.shape)
                if let linearBias, let bias = layer.$bias { layer.bias = linearBias(bias.shape) }
            }
        }
    }
}

extension Initialize {
    /// He's normal distribution by the outputs: what most networks for images start their convolutions with.
    static func kaimingNormalByOutputs(_ shape: Shape) -> Tensor { kaimingNormal(shape, fan: .out) }

    /// Normal with standard deviation 0.01: what many networks for images start their heads with.
    static func narrowNormal(_ shape: Shape) -> Tensor { normal(shape, std: 0.01) }
}
