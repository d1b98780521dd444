import Hearth

/// A residual network for pictures of 32 × 32 pixels: three stages of one block, 32, 64 and 128 channels.
final class SmallResNet: Module, Layer {
    let stem: Sequential
    let layer1, layer2, layer3: Residual
    /// The head.
    var fc: Linear

    init(classes: Int) {
        stem = Sequential {
            Conv2d(3, 32, kernelSize: 3, padding: 1, bias: false)
            BatchNorm2d(32)
            ReLU()
        }
        layer1 = Residual(32, 32, stride: 1)
        layer2 = Residual(32, 64, stride: 2)
        layer3 = Residual(64, 128, stride: 2)
        fc = Linear(128, classes)
    }

    func forward(_ x: Tensor) -> Tensor {
        fc(layer3(layer2(layer1(stem(x)))).adaptiveAvgPool2d(1).flatten(from: 1))
    }
}

/// Two convolutions whose result is added to their input.
final class Residual: Module, Layer {
    let conv1, conv2: Conv2d
    let bn1, bn2: BatchNorm2d
    let downsample: Sequential?

    init(_ inputs: Int, _ outputs: Int, stride: Int) {
        conv1 = Conv2d(inputs, outputs, kernelSize: 3, stride: stride, padding: 1, bias: false)
        bn1 = BatchNorm2d(outputs)
        conv2 = Conv2d(outputs, outputs, kernelSize: 3, padding: 1, bias: false)
        bn2 = BatchNorm2d(outputs)
        downsample =
            inputs == outputs && stride == 1
            ? nil
            : Sequential {
                Conv2d(inputs, outputs, kernelSize: 1, stride: stride, bias: false)
                BatchNorm2d(outputs)
            }
    }

    func forward(_ x: Tensor) -> Tensor {
        let y = bn2(conv2(bn1(conv1(x)).relu()))
        return (y + (downsample?(x) ?? x)).relu()
    }
}
