/// The size that a picture gets, and how.
struct Scaling {
    var height: Int
    var width: Int
    var interpolation: Interpolation
    /// Whether every pixel counts where the picture shrinks.
    var antialias = true
}
