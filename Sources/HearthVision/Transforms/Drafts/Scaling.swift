/// The size that a picture gets, and how.
package struct Scaling {
    var height: Int
    var width: Int
    var interpolation: Interpolation
    /// Whether every pixel counts where the picture shrinks.
    var antialias: Bool

    package init(height: Int, width: Int, interpolation: Interpolation, antialias: Bool = true) {
        (self.height, self.width) = (height, width)
        (self.interpolation, self.antialias) = (interpolation, antialias)
    }
}
