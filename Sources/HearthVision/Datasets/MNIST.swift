import HearthTensor

/// Handwritten digits: 60,000 training and 10,000 test images of 28 × 28 grey pixels, in 10 classes.
///
///     let transform = Compose(ToTensor(), Normalize(mean: 0.1307, std: 0.3081))
///     let training = try await MNIST(root: "data", train: true, download: true, transform: transform)
///     let (image, label) = training[0]     // [1, 28, 28] float32, an int64 scalar
///
/// Y. LeCun, C. Cortes, C. J. C. Burges (<http://yann.lecun.com/exdb/mnist/>), CC BY-SA 3.0. torchvision's `MNIST`, in
/// the same folders.
public struct MNIST: ImageDataset {
    /// The images with their labels, classes and transform.
    public let imageSet: ImageSet

    /// The images in `root/MNIST/raw`, read into memory.
    ///
    /// - Parameters:
    ///   - root: The folder of all datasets.
    ///   - train: The training images, or else those for testing.
    ///   - download: Whether files that are missing are downloaded (10 MB for training, 1.7 MB for testing).
    ///   - transform: What is done to an image before it is given out; without one it is uint8.
    ///
    /// Throws `MissingFile`; `DownloadError` when no mirror has a file; `FileError`; and `FormatError` when a file is
    /// damaged, or images and labels do not belong together.
    public init(
        root: String, train: Bool = true, download: Bool = false, transform: (any Transform)? = nil
    ) async throws {
        imageSet = try await Self.collection.load(root: root, train: train, download: download, transform: transform)
    }

    static let collection = IDXCollection(
        name: "MNIST",
        classes: [
            "0 - zero", "1 - one", "2 - two", "3 - three", "4 - four", "5 - five", "6 - six", "7 - seven", "8 - eight",
            "9 - nine",
        ],
        mirrors: [
            "https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/",
        ],
        md5: [
            "f68b3c2dcbeaaa9fbdd348bbdeb94873", "d53e105ee54ea40749a09fcbcd1e9432",
            "9fb629c4189551a2d022fa330f9573f3", "ec29112dd5afa0611ce80d1b7f02629c",
        ])
}

/// Pictures of clothes from Zalando's shop, in the format and the sizes of `MNIST`.
///
/// H. Xiao, K. Rasul, R. Vollgraf, "Fashion-MNIST: a novel image dataset for benchmarking machine learning algorithms",
/// 2017 (<https://github.com/zalandoresearch/fashion-mnist>), MIT licence. torchvision's `FashionMNIST`, in the same
/// folders.
public struct FashionMNIST: ImageDataset {
    /// The images with their labels, classes and transform.
    public let imageSet: ImageSet

    /// The images in `root/FashionMNIST/raw`, read into memory. Parameters and errors are those of `MNIST`.
    public init(
        root: String, train: Bool = true, download: Bool = false, transform: (any Transform)? = nil
    ) async throws {
        imageSet = try await Self.collection.load(root: root, train: train, download: download, transform: transform)
    }

    static let collection = IDXCollection(
        name: "FashionMNIST",
        classes: [
            "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
        ],
        mirrors: [
            "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
            "https://fashion-mnist.s3.eu-central-1.amazonaws.com/",
        ],
        md5: [
            "8d4fb7e6c68d591d4c3dfef9ec88bf0d", "25c81989df183df01b3e8a0aad5dffbe",
            "bef4ecab320f06d8554ea6380940ec79", "bb300cfdad3c16e7a12a480ee83cd310",
        ])
}

/// Handwritten Japanese characters of cursive script, in the format and the sizes of `MNIST`.
///
/// T. Clanuwat et al., "Deep learning for classical Japanese literature", 2018
/// (<https://codh.rois.ac.jp/kmnist/>), CC BY-SA 4.0. torchvision's `KMNIST`, in the same folders.
public struct KMNIST: ImageDataset {
    /// The images with their labels, classes and transform.
    public let imageSet: ImageSet

    /// The images in `root/KMNIST/raw`, read into memory. Parameters and errors are those of `MNIST`.
    public init(
        root: String, train: Bool = true, download: Bool = false, transform: (any Transform)? = nil
    ) async throws {
        imageSet = try await Self.collection.load(root: root, train: train, download: download, transform: transform)
    }

    static let collection = IDXCollection(
        name: "KMNIST", classes: ["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"],
        mirrors: ["https://codh.rois.ac.jp/kmnist/dataset/kmnist/"],
        md5: [
            "bdb82020997e1d708af4cf47b453dcf7", "e144d726b3acfaa3e44228e80efcd344",
            "5c965bf0a639b31b8f53240b1b52f4d7", "7320c461ea6c1c855c0b718fb2a4b134",
        ])
}
