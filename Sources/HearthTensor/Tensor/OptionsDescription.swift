/// `Name(option: value, …)` of the stored properties of a value: how losses, transforms and samplers are printed. Of
/// tensors it says the shape, of long lists the length; what is absent, functions and objects are left out.
package func optionsDescription(of value: Any) -> String {
    let options = Mirror(reflecting: value).children.compactMap { child in
        child.label.flatMap { label in optionText(child.value).map { "\(label): \($0)" } }
    }
    return "\("\(type(of: value))".prefix { $0 != "<" })(\(options.joined(separator: ", ")))"
}

private func optionText(_ value: Any) -> String? {
    if let tensor = value as? Tensor { return "Tensor(\(tensor.spec))" }
    if "\(type(of: value))".contains("->") { return nil }
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional: return mirror.children.first.flatMap { optionText($0.value) }
    case .collection where mirror.children.count > 8: return "\(mirror.children.count) elements"
    case .struct where !(value is any CustomStringConvertible): return optionsDescription(of: value)
    case .class where !(value is any CustomStringConvertible): return nil
    default: return "\(value)"
    }
}
