import Hearth
import Testing

/// A small GPT over characters: masked attention, positions, and one table of weights for reading and writing characters.
final class CharacterModel: Module {
    let tokens: Embedding
    let positions: LearnedPositions
    let blocks: ModuleList<TransformerEncoderLayer>
    let norm: LayerNorm
    let head: Linear

    init(characters: Int, width: Int, length: Int, layers: Int, _ random: Generator) {
        tokens = Embedding(characters, width, generator: random)
        positions = LearnedPositions(width, longest: length, generator: random)
        blocks = ModuleList(
            (0..<layers).map { _ in
                TransformerEncoderLayer(
                    width, heads: 2, feedforward: 4 * width, dropout: 0, activation: .gelu, batchFirst: true,
                    normFirst: true, generator: random)
            })
        norm = LayerNorm([width])
        head = Linear(width, characters, bias: false, generator: random)
        super.init()
        // Press and Wolf, "Using the Output Embedding to Improve Language Models", 2016.
        tokens.weight = tokens.weight * 0.1
        head.$weight = tokens.$weight
    }

    /// `[n, length]` to `[n, length, characters]`.
    func callAsFunction(_ x: Tensor) -> Tensor {
        var y = positions(tokens(x))
        for block in blocks { y = block(y, isCausal: true) }
        return head(norm(y))
    }
}

@Suite struct CharacterModelTests {
    private let text = String(repeating: "to be, or not to be: that is the question. ", count: 8)

    @Test func learnsALineByHeart() {
        let alphabet = Set(text).sorted()
        let ids = text.map { alphabet.firstIndex(of: $0)! }
        let length = 32
        let model = CharacterModel(characters: alphabet.count, width: 32, length: length, layers: 2, Generator(seed: 5))
        // The shared table is one parameter, saved under both names.
        #expect(model.parameters.count { $0 === model.tokens.$weight } == 1)
        #expect(model.stateDict.keys.contains("head.weight") && model.stateDict.keys.contains("tokens.weight"))
        let optimizer = AdamW(model.parameters, lr: 3e-3)
        let schedule = OneCycleLR(optimizer, maxLR: 1e-2, totalSteps: 120)
        let random = Generator(seed: 6)
        var losses: [Double] = []
        for _ in 0..<120 {
            let starts = (0..<8).map { _ in random.next(in: 0..<(ids.count - length - 1)) }
            let x = Tensor.stack(starts.map { Tensor(Array(ids[$0..<($0 + length)])) })
            let y = Tensor.stack(starts.map { Tensor(Array(ids[($0 + 1)...($0 + length)])) })
            optimizer.zeroGrad()
            let loss = CrossEntropyLoss()(model(x).reshape(-1, alphabet.count), y.flatten())
            loss.backward()
            clipGradNorm(model.parameters, maxNorm: 1)
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        }
        #expect(losses[119] < 0.3, "\(losses[119])")
        var written = Array(ids.prefix(12))
        noGrad {
            for _ in 0..<20 {
                let logits = model(Tensor([written.suffix(length).map { $0 }]))
                written.append(logits[0, -1].argmax().item(as: Int.self))
            }
        }
        #expect(String(written.map { alphabet[$0] }) == text.prefix(32))
    }
}
