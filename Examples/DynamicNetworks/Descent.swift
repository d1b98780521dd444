import Hearth

/// Makes a loss smaller step by step, and tells what it was at each.
func descend(_ optimizer: Adam, steps: Int, loss: () -> Tensor) -> [Double] {
    (0..<steps).map { _ in
        let loss = loss()
        optimizer.zeroGrad()
        loss.backward()
        optimizer.step()
        return loss.item()
    }
}
