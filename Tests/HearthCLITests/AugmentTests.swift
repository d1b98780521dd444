import HearthFormats
import HearthTensor
import HearthVision
import Testing

import HearthRuns

/// `--augment`, as it is read and as it is used.
@Suite struct AugmentationTests {
    @Test func readsStepsAsTheyAreWritten() throws {
        let calls = try StepCall.list(
            "RandomCrop(32, padding=4), RandomHorizontalFlip , RandomAffine(degrees=(-5, 5), scale: (0.9, 1.1))")
        #expect(calls.map(\.name) == ["RandomCrop", "RandomHorizontalFlip", "RandomAffine"])
        #expect(calls[1].text == "RandomHorizontalFlip")
        #expect(try calls[2].span("degrees", at: 0, in: -360...360, or: 0...0) == -5...5)
        #expect(try calls[2].span("scale", in: 0...10, or: 1...1) == 0.9...1.1)
        #expect(try StepCall.list("").isEmpty)
    }

    @Test(arguments: StepKind.all.map(\.name)) func everyStepCanBeMade(name: String) throws {
        let needed = [
            "RandomCrop": "(4)", "CenterCrop": "(4)", "RandomResizedCrop": "(4)", "Resize": "(4)", "Pad": "(1)",
            "RandomRotation": "(10)", "RandomAffine": "(10)", "GaussianBlur": "(3)", "RandomPosterize": "(4)",
            "RandomSolarize": "(128)", "RandomAdjustSharpness": "(2)",
        ]
        let augmentation = try AugmentationSteps([name + (needed[name] ?? "")])
        #expect(augmentation.imageSteps.count + augmentation.batchSteps(classes: 3).count == 1)
        if needed[name] != nil { #expect(throws: RunError.self) { try AugmentationSteps([name]) } }
        // An argument that it does not have.
        #expect(throws: RunError.self) { try AugmentationSteps([name + "(nonsense=1)"]) }
    }

    @Test(arguments: [
        ("Flip", "unknown step 'Flip'"), ("RandomCrop", "needs 'size'"), ("RandomCrop(4", "not closed"),
        ("RandomCrop(0)", "must be a number from 1"), ("RandomCrop(2.5)", "whole number"),
        ("RandomHorizontalFlip(2)", "from 0.0 to 1.0"),
        ("RandomCrop(4, padding_mode=round)", "must be one of constant"),
        ("GaussianBlur(4)", "odd"), ("ColorJitter(hue=0.7)", "'hue'"), ("RandomRotation((20, 10))", "(low, high)"),
        ("RandomRotation(5, bicubic)", "nearest or bilinear"), ("Pad(1, 2, constant, 4)", "the arguments are"),
        ("RandomInvert(p=0.5, q=1)", "has no 'q'"), ("RandomCrop(())", "two numbers"),
        ("RandomRotation(-30)", "not negative"), ("RandomAffine(-5)", "not negative"),
        ("RandomAffine(5, shear=-1)", "not negative"), ("RandomAffine(5, shear=(2, 1, 0, 0))", "along columns"),
        ("ColorJitter(hue=-0.1)", "'hue'"), ("ColorJitter((1.5, 0.5))", "(low, high)"),
        ("RandomCrop(4, padding=(1, 2, 3))", "two numbers, or four"),
        ("RandomRotation(5, expand=maybe)", "true or false"),
        ("AutoAugment(interpolation=bicubic)", "nearest or bilinear"), ("GaussianBlur((3, 4))", "odd"),
        ("Resize(4, max_size=4)", "must be a number from 5"), ("Pad((1.5, 2))", "whole numbers"),
        ("ElasticTransform(sigma=(0, 5))", "both"),
    ])
    func mistakesAreNamed(step: String, reason: String) {
        let error = #expect(throws: RunError.self) { try AugmentationSteps([step]) }
        #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
    }

    @Test(arguments: [
        "RandomRotation(30, expand=true)", "RandomRotation((-30, 10), bilinear, false, 128)",
        "RandomAffine(5, shear=(-1, 1, -2, 2))", "RandomAffine(5, shear=3)", "RandomCrop(4, (1, 2), True, 7, edge)",
        "RandomCrop(4, padding=(1, 2, 3, 4), pad_if_needed=true)", "RandomErasing(0.5, value=random)",
        "ColorJitter((0.5, 1.5), 0.2, hue=(-0.1, 0.2))", "GaussianNoise(0.1, sigma=0.2, clip=false)", "Grayscale",
        "AutoAugment(cifar10, bilinear, 128)", "RandAugment(interpolation=bilinear, fill=128)",
        "AugMix(3, 3, 2, 1, false, nearest, 0)", "Resize(8, bicubic, 12, false)", "ElasticTransform((20, 30), 4)",
        "GaussianBlur((3, 5), (0.1, 1))", "RandomResizedCrop(4, antialias=false)", "Pad((1, 2))",
    ])
    func parametersAreThoseOfTorchvision(step: String) throws {
        #expect(try AugmentationSteps([step]).imageSteps.count == 1)
    }

    @Test func sizesMustStay() throws {
        try AugmentationSteps(["Pad(2)", "RandomCrop(32)", "CutMix"]).check(height: 32, width: 32)
        let grown = #expect(throws: RunError.self) { try AugmentationSteps(["Pad(2)"]).check(height: 32, width: 32) }
        #expect(grown?.description.contains("36 × 36") == true)
        let large = #expect(throws: RunError.self) {
            try AugmentationSteps(["RandomCrop(40)"]).check(height: 32, width: 32)
        }
        #expect(large?.description.contains("does not fit") == true)
        let turned = ["RandomRotation(30, expand=true)"]
        let varied = #expect(throws: RunError.self) { try AugmentationSteps(turned).check(height: 32, width: 32) }
        #expect(varied?.description.contains("different sizes") == true)
        try AugmentationSteps(turned + ["RandomCrop(32)"]).check(height: 32, width: 32)
        try AugmentationSteps(["RandomCrop(32, pad_if_needed=true)"]).check(height: 32, width: 32)
        try AugmentationSteps(["Pad((1, 2, 3, 4))", "CenterCrop(32)"]).check(height: 32, width: 32)
        try AugmentationSteps(["Resize(64, max_size=65)"]).check(height: 64, width: 64)
    }
}

@Suite(.needsProgram) struct AugmentedTrainingTests {
    @Test func trainsOnAugmentedPictures() throws {
        try withTemporaryFolder { folder in
            let steps =
                "RandomCrop(8, padding=1), RandomAffine(degrees=5, translate=0.05), RandomErasing(0.1), MixUp(0.2)"
            let result = try Program.run(
                "train --epochs 6 --lr 0.003 --json --augment", [steps, "--out", "\(folder)/run"], in: folder)
            #expect(result.status == 0, "\(result.errors)")
            #expect(try result.json["test_accuracy"]?.double ?? 0 > 0.85, "\(result.output)")
            // The same steps from a file, and again from what the run has written: the same weights.
            let list = steps.replacing("), ", with: ")\n- ")
            try AtomicFile.write(Array("# steps\n- \(list)\n".utf8), to: "\(folder)/steps.yaml")
            let again = try Program.run(
                "train --epochs 6 --lr 0.003 --json",
                ["--augment", "\(folder)/steps.yaml", "--out", "\(folder)/again"],
                in: folder)
            #expect(again.status == 0, "\(again.errors)")
            let config = try Program.run(
                "train --json", ["--config", "\(folder)/run/config.yaml", "--out", "\(folder)/third"], in: folder)
            #expect(config.status == 0, "\(config.errors)")
            let weights = try ["run", "again", "third"].map { try StateDict(contentsOf: "\(folder)/\($0)/model.pth") }
            for name in weights[0].keys {
                #expect((weights[0][name]! - weights[1][name]!).abs().max().item() == 0)
                #expect((weights[0][name]! - weights[2][name]!).abs().max().item() == 0)
            }
        }
    }

    @Test func mistakesStopBeforeAnyWork() throws {
        try withTemporaryFolder { folder in
            for (options, reason) in [
                ("train --augment Blur", "unknown step 'Blur'"), ("train --augment missing.yaml", "missing.yaml"),
                ("train --augment Pad(3)", "14 × 14"), ("train --image-size 10", "image_size"),
                ("data speed csv", "unknown dataset 'csv'"), ("data speed folder", "needs a folder"),
                ("data speed folder /nonexistent", "/nonexistent"),
            ] {
                let result = try Program.run(options, [], in: folder)
                #expect(result.status != 0 && result.errors.contains(reason), "\(options): \(result.errors)")
            }
        }
    }

    @Test func drawsASheet() throws {
        try withTemporaryFolder { folder in
            for (options, shape) in [
                ("--rows 2 --columns 3", [1, 204, 304]), ("--rows 2 --columns 3 --zoom 1", [1, 28, 40]),
            ] {
                for augment in [[], ["--augment", "RandomCrop(8, padding=2), RandomRotation(20)"]] {
                    let result = try Program.run(
                        "data show digits \(options) --out", ["\(folder)/sheet.png"] + augment, in: folder)
                    #expect(result.status == 0, "\(result.errors)")
                    #expect(try Image.read("\(folder)/sheet.png").shape == Shape(shape))
                }
            }
        }
    }

    @Test func measuresALoader() throws {
        try withTemporaryFolder { folder in
            let result = try Program.run("data speed digits --rounds 1 --json --augment RandAugment", [], in: folder)
            #expect(result.status == 0, "\(result.errors)")
            #expect(try result.json["images_per_second"]?.double ?? 0 > 0)
        }
    }
}
