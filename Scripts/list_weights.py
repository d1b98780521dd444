"""Writes Sources/HearthVision/Models/Weights/PretrainedWeights+All.swift: what the installed torchvision publishes.

    python Scripts/list_weights.py
"""

from pathlib import Path

from torchvision import models

TARGET = Path(__file__).parent.parent / "Sources/HearthVision/Models/Weights/PretrainedWeights+All.swift"
IMAGENET = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])


def preprocessing(weights):
    steps = weights.transforms.keywords
    values = []
    if steps.get("resize_size", 256) != 256:
        values.append(f"resizeSize: {steps['resize_size']}")
    if steps["crop_size"] != 224:
        values.append(f"cropSize: {steps['crop_size']}")
    transform = weights.transforms()
    if (transform.mean, transform.std) != IMAGENET:
        values.append(f"mean: {transform.mean}, std: {transform.std}")
    if transform.interpolation.value != "bilinear":
        values.append(f"interpolation: .{transform.interpolation.value}")
    return f", .init({', '.join(values)})" if values else ""


rows = []
for model in models.list_models(module=models):
    if model == "maxvit_t":
        continue
    enum = models.get_model_weights(model)
    for weights in enum:
        accuracy = weights.meta["_metrics"]["ImageNet-1K"]["acc@1"]
        if accuracy != accuracy:
            accuracy = "nil"
        default = ", isDefault: true" if weights == enum.DEFAULT else ""
        file = weights.url.removeprefix("https://download.pytorch.org/models/")
        rows.append(f'        row("{model}", "{weights.name}", "{file}", {accuracy}{preprocessing(weights)}{default}),')

TARGET.write_text(
    """// Written by Scripts/list_weights.py: what torchvision publishes for its networks.
// swift-format-ignore-file

extension PretrainedWeights {
    /// All weights, network by network.
    static let all: [PretrainedWeights] = [
"""
    + "\n".join(rows)
    + """
    ]

    private static func row(
        _ model: String, _ name: String, _ file: String, _ accuracy: Double?, _ preprocessing: Preprocessing = .init(),
        isDefault: Bool = false
    ) -> PretrainedWeights {
        PretrainedWeights(
            model: model, name: name, isDefault: isDefault, url: "https://download.pytorch.org/models/" + file,
            accuracy: accuracy, preprocessing: preprocessing)
    }
}
"""
)
