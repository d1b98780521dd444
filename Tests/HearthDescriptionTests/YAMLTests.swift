import HearthDescription
import Testing

/// What is read of YAML, and where mistakes are said to be.
@Suite struct YAMLTests {
    @Test func bothStylesSayTheSame() throws {
        let texts = [
            "layers:\n  - Linear: {out_features: 4, bias: false}\n  - ReLU\n",
            "layers:\n- Linear:\n    out_features: 4   # comment\n    bias: false\n- ReLU",
            "---\n# comment\nlayers: [Linear: {out_features: 4,\n  bias: false}, ReLU]\r\n",
            "'layers':\n  -\n    \"Linear\":\n      'out_features': 4\n      bias: False\n\n  - ReLU\n",
        ]
        let descriptions = try texts.map { try "\(NetworkDescription(yaml: $0).network(input: [3]))" }
        #expect(Set(descriptions).count == 1)
        #expect(descriptions[0].contains("in_features=3, out_features=4, bias=False"))
    }

    @Test(arguments: [
        ("", "1:1: expected 'layers:' and a list of layers, found nothing"),
        ("# nothing\n", "2:1: expected 'layers:' and a list of layers, found nothing"),
        ("layers:\n", "1:1: expected a list of layers, found none"),
        ("- ReLU\n", "1:1: expected 'layers:' and a list of layers, found a list"),
        ("layer:\n  - ReLU\n", "1:1: expected 'layers:', found 'layer'"),
        ("layers:\n\t- ReLU\n", "2:1: expected spaces, found a tab"),
        ("layers:\n  - ReLU\n   - ReLU\n", "3:4: the indentation fits no line above it"),
        ("layers:\n  - ReLU\n - ReLU\n", "3:2: the indentation fits no line above it"),
        ("layers:\n  - Linear: {out_features: 3\n", "2:13: the bracket '{' is not closed"),
        ("layers: [ReLU", "1:9: the bracket '[' is not closed"),
        ("layers:\n  - Linear: 'a\n", "2:13: the quotation mark is not closed"),
        ("layers: &a\n  - ReLU\n", "1:9: anchors ('&') are not read"),
        ("layers:\n  - *a\n", "2:5: aliases ('*') are not read"),
        ("layers: !!seq\n", "1:9: tags ('!') are not read"),
        ("layers: |\n  text\n", "1:9: texts of several lines ('|', '>') are not read"),
        ("layers: [ReLU]\n---\nlayers: [ReLU]\n", "2:1: several documents in one file are not read"),
        ("layers:\n  - Rleu\n", "2:5: unknown layer 'Rleu'; did you mean 'ReLU'?"),
        (
            "layers:\n  - Linear: {out_featurs: 3}\n",
            "2:14: unknown option of Linear 'out_featurs'; did you mean 'out_features'?"
        ),
        (
            "layers:\n  - Linear: {bias: true, bias: false}\n",
            "2:26: 'bias' stands there twice; the first is in line 2"
        ),
        (
            "layers:\n  - Linear:\n    out_features: 3\n",
            "3:5: expected one layer, found 'out_features' beside 'Linear'; options of a layer are indented further "
                + "than its name"
        ),
        ("layers:\n  - Sigmoid: 3\n", "2:14: Sigmoid has no options; found '3'"),
        ("layers:\n  - add: {a: []}\n", "2:5: expected two or more branches, found 1"),
        ("layers:\n  a.b: ReLU\n", "2:3: expected a name without dots, found 'a.b'"),
        ("layers: ReLU: 3\n", "1:13: expected one ':' in a line, found another"),
    ]) func mistakesHaveAPlace(_ text: String, _ message: String) {
        #expect(throws: DescriptionError.self) { try NetworkDescription(yaml: text, name: "net.yaml") }
        do { _ = try NetworkDescription(yaml: text, name: "net.yaml") } catch {
            #expect(error.description == "net.yaml:\(message)")
        }
    }

    @Test func depthAndLengthAreBounded() {
        let deep = "layers: " + String(repeating: "[", count: 100_000)
        #expect(throws: DescriptionError.self) { try NetworkDescription(yaml: deep) }
        let long = "layers: [" + String(repeating: "ReLU,", count: 1 << 18) + "]"
        #expect(throws: DescriptionError.self) { try NetworkDescription(yaml: long) }
    }
}
