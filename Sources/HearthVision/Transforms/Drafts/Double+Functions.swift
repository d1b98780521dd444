#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

// The functions of the C library under names that do not hide tensor methods.
extension Double {
    package var logarithm: Double { log(self) }
    var exponential: Double { exp(self) }
    var sine: Double { sin(self) }
    var cosine: Double { cos(self) }
    var tangent: Double { tan(self) }
    package var arcTangent: Double { atan(self) }
    /// An angle in degrees as one in radians.
    var radians: Double { self * .pi / 180 }
}
