import HearthTensor

/// A border of the elements from the other end around `[N, C, L]` or `[C, L]`. PyTorch's `nn.CircularPad1d`.
public final class CircularPad1d: BorderPad {
    /// A layer with this border: one number, or `[left, right]`. Negative ones cut off.
    public init(_ padding: some Extent) { super.init(1, padding, .circular) }
}

/// A border of the elements from the other end around `[N, C, H, W]` or `[C, H, W]`. PyTorch's `nn.CircularPad2d`.
public final class CircularPad2d: BorderPad {
    /// A layer with this border: one number, or `[left, right, top, bottom]`. Negative ones cut off.
    public init(_ padding: some Extent) { super.init(2, padding, .circular) }
}

/// A border of the elements from the other end around `[N, C, D, H, W]` or `[C, D, H, W]`. PyTorch's `nn.CircularPad3d`.
public final class CircularPad3d: BorderPad {
    /// A layer with this border: one number, or `[left, right, top, bottom, front, back]`. Negative ones cut off.
    public init(_ padding: some Extent) { super.init(3, padding, .circular) }
}
