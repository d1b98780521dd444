import HearthTensor

/// A border of zeros around `[N, C, L]` or `[C, L]`. PyTorch's `nn.ZeroPad1d`.
public final class ZeroPad1d: BorderPad {
    /// A layer with this border: one number, or `[left, right]`. Negative ones cut off.
    public init(_ padding: some Extent) { super.init(1, padding, .constant) }
}

/// A border of zeros around `[N, C, H, W]` or `[C, H, W]`. PyTorch's `nn.ZeroPad2d`.
public final class ZeroPad2d: BorderPad {
    /// A layer with this border: one number, or `[left, right, top, bottom]`. Negative ones cut off.
    public init(_ padding: some Extent) { super.init(2, padding, .constant) }
}

/// A border of zeros around `[N, C, D, H, W]` or `[C, D, H, W]`. PyTorch's `nn.ZeroPad3d`.
public final class ZeroPad3d: BorderPad {
    /// A layer with this border: one number, or `[left, right, top, bottom, front, back]`. Negative ones cut off.
    public init(_ padding: some Extent) { super.init(3, padding, .constant) }
}

/// A border of one value around `[N, C, L]` or `[C, L]`. PyTorch's `nn.ConstantPad1d`.
public final class ConstantPad1d: BorderPad {
    /// A layer with this border: one number, or `[left, right]`. Negative ones cut off.
    public init(_ padding: some Extent, value: Double) { super.init(1, padding, .constant, value) }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String { "padding=\(tuple: sizes), value=\(value)" }
}

/// A border of one value around `[N, C, H, W]` or `[C, H, W]`. PyTorch's `nn.ConstantPad2d`.
public final class ConstantPad2d: BorderPad {
    /// A layer with this border: one number, or `[left, right, top, bottom]`. Negative ones cut off.
    public init(_ padding: some Extent, value: Double) { super.init(2, padding, .constant, value) }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String { "padding=\(tuple: sizes), value=\(value)" }
}

/// A border of one value around `[N, C, D, H, W]` or `[C, D, H, W]`. PyTorch's `nn.ConstantPad3d`.
public final class ConstantPad3d: BorderPad {
    /// A layer with this border: one number, or `[left, right, top, bottom, front, back]`. Negative ones cut off.
    public init(_ padding: some Extent, value: Double) { super.init(3, padding, .constant, value) }

    /// The options, as PyTorch prints them.
    public override var extraRepr: String { "padding=\(tuple: sizes), value=\(value)" }
}
