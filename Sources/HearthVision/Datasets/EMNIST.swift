import HearthFormats
import HearthTensor

/// Handwritten letters and digits in the format of `MNIST`, divided in six ways.
///
///     let letters = try await EMNIST(root: "data", split: .letters, train: true, download: true, transform: ToTensor())
///
/// Images lie on their side, mirrored, as they are published and as torchvision gives them: `image.permute(0, 2, 1)` is
/// upright. G. Cohen et al., "EMNIST: an extension of MNIST to handwritten letters", 2017
/// (<https://www.nist.gov/itl/products-and-services/emnist-dataset>). torchvision's `EMNIST`, in the same folders.
public struct EMNIST: ImageDataset {
    /// A way to divide the images.
    public enum Split: String, Sendable, CaseIterable {
        /// 814,255 images in 62 classes of uneven size.
        case byclass
        /// The same in 47 classes: letters whose capitals look alike are one class.
        case bymerge
        /// 131,600 images, the same number of each of these 47 classes.
        case balanced
        /// 145,600 images in 26 classes, small and capital letters together; labels count from 1, and 0 has no images.
        case letters
        /// 280,000 images of digits.
        case digits
        /// 70,000 images of digits, as many as MNIST.
        case mnist

        /// The names of the classes, in the order of their labels.
        public var classes: [String] {
            let digits = (0...9).map(String.init)
            let capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ".map(String.init)
            let small = capitals.map { $0.lowercased() }
            switch self {
            case .byclass: return digits + capitals + small
            case .bymerge, .balanced:
                let merged = Set("cijklmopsuvwxyz".map(String.init))
                return digits + capitals + small.filter { !merged.contains($0) }
            case .letters: return ["N/A"] + small
            case .digits, .mnist: return digits
            }
        }
    }

    /// The images with their labels, classes and transform.
    public let imageSet: ImageSet

    /// The images of one split in `root/EMNIST/raw`, read into memory. Other parameters and errors are those of `MNIST`;
    /// the archive holds all splits (562 MB).
    public init(
        root: String, split: Split, train: Bool = true, download: Bool = false, transform: (any Transform)? = nil
    ) async throws {
        let folder = "\(root)/EMNIST/raw"
        let start = "emnist-\(split.rawValue)-\(train ? "train" : "test")"
        let names = ["\(start)-images-idx3-ubyte", "\(start)-labels-idx1-ubyte"]
        // torchvision leaves files without .gz, the archive has them with it.
        let isPlain = names.allSatisfy { Folder.hasFile("\(folder)/\($0)") }
        let paths =
            isPlain
            ? names.map { "\(folder)/\($0)" }
            : try await Self.archive.files(
                names.map { $0 + ".gz" }, in: folder, archiveFolder: folder, download: download)
        imageSet = try IDXCollection.images(paths[0], labels: paths[1], classes: split.classes, transform: transform)
    }

    static let archive = Archive(
        dataset: "EMNIST", kind: .zip, name: "gzip.zip",
        urls: ["https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip"], md5: "58c8d27c78d21e728a6bc7b3cc06412e")
}
