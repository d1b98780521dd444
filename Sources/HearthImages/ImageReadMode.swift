/// Which channels a picture gets when it is read. torchvision's `ImageReadMode`.
public enum ImageReadMode: Sendable {
    /// Those of the file: 1 grey, 2 grey and alpha, 3 red, green, blue, 4 with alpha.
    case unchanged
    /// One channel of brightness (see `Grayscale`); alpha is left out.
    case grey
    /// Red, green and blue; alpha is left out.
    case rgb
    /// Red, green, blue and alpha; 255 is opaque.
    case rgba

    /// The channels that a picture has which had so many in its file.
    func channels(of stored: Int) -> Int {
        switch self {
        case .unchanged: stored
        case .grey: 1
        case .rgb: 3
        case .rgba: 4
        }
    }
}
