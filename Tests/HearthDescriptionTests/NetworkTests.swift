import HearthDescription
import HearthNN
import HearthTensor
import Testing

/// Networks of descriptions: their names, their sizes, and what is refused.
@Suite struct NetworkTests {
    static let residual = """
        layers:
          - Conv2d: {out_channels: 4, kernel_size: 3, padding: 1}
          - BatchNorm2d
          - add:
              body:
                - Conv2d: {out_channels: 4, kernel_size: 3, padding: 1, bias: false}
                - ReLU
              skip: []
          - cat:
              left: {conv: {Conv2d: {out_channels: 2, kernel_size: 1}}}
              right: []
          - mul:
              gate: [AdaptiveAvgPool2d: 1, Sigmoid]
              skip: []
          - Sequential:
              pool: {AdaptiveAvgPool2d: 1}
              flat: Flatten
          - repeat: {times: 2, layers: [Linear: 5, ReLU]}
          - Linear: outputs

        """

    @Test func namesAreThoseOfSequential() throws {
        let model = try NetworkDescription(yaml: Self.residual).network(
            input: [3, 8, 8], outputs: 7, generator: Generator(seed: 1))
        #expect(
            model.namedParameters.map(\.name) == [
                "0.weight", "0.bias", "1.weight", "1.bias", "2.body.0.weight", "3.left.conv.weight",
                "3.left.conv.bias", "6.weight", "6.bias", "8.weight", "8.bias", "10.weight", "10.bias",
            ])
        #expect(model.namedParameters.map(\.parameter.shape)[7] == [5, 6])
        #expect(model(Tensor.ones([2, 3, 8, 8])).shape == [2, 7])
    }

    @Test func branchesComputeWhatTheySay() throws {
        let text = "layers:\n  - \(#"cat: {a: [add: {x: [Tanh], y: []}], b: [mul: {x: [Tanh], y: []}]}"#)\n"
        let model = try NetworkDescription(yaml: text).network(input: [3])
        let x = Tensor.randn([2, 3], generator: Generator(seed: 1))
        #expect(
            model(x).array(of: Float.self) == Tensor.cat([x.tanh() + x, x.tanh() * x], dim: 1).array(of: Float.self))
    }

    @Test(arguments: [
        (
            "Conv2d: {out_channels: 3, kernel_size: 9}",
            "2:5: Conv2d cannot take [n, 3, 8, 8]: a kernel that reaches over 9 does not fit 8 elements"
        ),
        ("Conv2d: {out_channels: -3, kernel_size: 1}", "2:28: 'out_channels' of Conv2d must be a whole number from 1"),
        ("Conv2d: {out_channels: x, kernel_size: 1}", "2:28: 'out_channels' of Conv2d must be a whole number from 1"),
        ("Conv2d: {out_channels: 3}", "2:5: Conv2d needs 'kernel_size'"),
        ("Conv2d: {out_channels: 3, kernel_size: [1, 2, 3]}", "2:44: 'kernel_size' of Conv2d must be one number, or 2"),
        ("Conv1d: {out_channels: 3, kernel_size: 1}", "2:5: Conv1d takes 3 dimensions, found [n, 3, 8, 8]"),
        (
            "Conv2d: {in_channels: 4, out_channels: 3, kernel_size: 1}",
            "2:27: 'in_channels' of Conv2d is 4, but [n, 3, 8, 8] arrives there, with 3"
        ),
        ("Linear: 10000000000", "2:13: 'out_features' of Linear must be a whole number from 1 to 1000000, found"),
        ("Linear: outputs", "2:13: nobody says how many outputs there are"),
        ("Linear: {out_features: 3, bias: maybe}", "2:37: 'bias' of Linear must be true or false, found 'maybe'"),
        ("Dropout: 1.5", "2:14: 'p' of Dropout must be a number from 0.0 to 1.0, found '1.5'"),
        ("GELU: exact", "2:11: 'approximate' of GELU must be 'none' or 'tanh', found 'exact'"),
        (
            "add: {a: [Flatten], b: []}",
            "2:5: branches of 'add' must give one shape; there are 'a' [n, 192], 'b' [n, 3, 8, 8]"
        ),
        ("cat: {a: [Flatten], b: []}", "2:5: branches of 'cat' do not fit: "),
        ("repeat: {times: 10000, layers: [ReLU, ReLU]}", "2:37: the network has more than 10000 layers"),
        ("repeat: {times: 40, layers: [Upsample: 4]}", "Upsample gives"),
        ("BatchNorm1d", "2:5: BatchNorm1d cannot take [n, 3, 8, 8]"),
        ("GroupNorm: 2", "2:5: GroupNorm cannot take [n, 3, 8, 8]: 3 channels cannot be divided into 2 groups"),
    ]) func whatDoesNotFitIsTold(_ layer: String, _ message: String) throws {
        let description = try NetworkDescription(yaml: "layers:\n  - \(layer)\n", name: "net.yaml")
        do {
            _ = try description.network(input: [3, 8, 8])
            Issue.record("\(layer) made a network")
        } catch let error as DescriptionError {
            #expect(error.description.contains(message), "\(error)")
            #expect(error.description.hasPrefix("net.yaml:2:"))
        }
    }

    @Test func theResultMustBeTheOutputs() throws {
        let description = try NetworkDescription(yaml: "layers: [Linear: 3]", name: "net.yaml")
        let error = #expect(throws: DescriptionError.self) { try description.network(input: [4], outputs: 2) }
        #expect(error?.rule == "the last layer must give [n, 2]; it gives [n, 3]")
    }

    @Test func tooManyParametersAreRefusedBeforeTheyAreMade() throws {
        let description = try NetworkDescription(yaml: "layers: [Linear: 1000000, Linear: 1000000]")
        let error = #expect(throws: DescriptionError.self) { try description.network(input: [4]) }
        #expect(error?.rule.contains("parameters") ?? false)
    }

    /// Every character of a description is changed, taken out or doubled: a network or an error comes of it, no trap.
    @Test func mutatedDescriptionsThrowOrWork() throws {
        let generator = Generator(seed: 7)
        let pieces = [
            "", " ", "\n", "\t", ":", "-", "[", "]", "{", "}", ",", "#", "'", "\"", "9", "-1", "0", "\u{E9}", "&",
        ]
        let text = Array(Self.residual)
        let draws: [Double] = Tensor.rand([4000, 3], dtype: .float64, generator: generator).array(of: Double.self)
        var made = 0
        for index in 0..<4000 {
            let place = Int(draws[3 * index] * Double(text.count))
            let piece = pieces[Int(draws[3 * index + 1] * Double(pieces.count))]
            let taken = Int(draws[3 * index + 2] * 4)
            let mutant = String(text[..<place]) + piece + String(text[min(text.count, place + taken)...])
            guard let description = try? NetworkDescription(yaml: mutant) else { continue }
            if (try? withDevice(.meta) { try description.network(input: [3, 8, 8], outputs: 7) }) != nil { made += 1 }
        }
        #expect(made > 100 && made < 3900)
    }
}
