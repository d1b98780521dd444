/// `count` rounded to a multiple of `divisor`, up where rounding down would take more than a tenth: how papers scale
/// the width of a network.
func roundedChannels(_ count: Double, to divisor: Int = 8) -> Int {
    let nearest = max(divisor, Int(count + Double(divisor) / 2) / divisor * divisor)
    return Double(nearest) < 0.9 * count ? nearest + divisor : nearest
}
