import HearthTensor
import ShadowDevice
import Testing

@Suite struct DeviceTests {
    private let shadow = Shadow.device

    @Test func namesArePyTorchs() throws {
        #expect("\(Device.cpu)" == "cpu" && "\(Device.meta)" == "meta")
        #expect("\(Device(Shadow.kind, index: 2))" == "shadow:2")
        #expect(try Device("cpu") == .cpu && Device("meta") == .meta)
        #expect(try Device("shadow:1") == Device(Shadow.kind, index: 1))
        #expect(try Device("shadow").index == 0)
        for wrong in ["", "gpu", "cpu:", "cpu:x", "cpu:-1", "cpu:300", "shadow:1:2"] {
            #expect(throws: DeviceError.self) { try Device(wrong) }
        }
        let error = #expect(throws: DeviceError.self) { try Device("tpu") }
        #expect("\(error!)".contains("'tpu'") && "\(error!)".contains("'cpu'"))
    }

    @Test func stridesOfATensorWithoutElementsAreNotFollowed() {
        let base = Tensor.ones([4])
        for strides in [[Int.max, 1], [Int.min, Int.max]] {
            let empty = Tensor.strided([0, 3], strides: Strides(strides), offset: 4, of: base)
            #expect(empty.shape == [0, 3] && empty.sharesStorage(with: base))
        }
    }

    @Test func theDefaultIsOfAScope() async {
        let outer = Device.default
        withDevice(shadow) {
            #expect(Device.default == shadow)
            #expect(Tensor.zeros([2]).device == shadow)
            #expect(Tensor([1, 2]).device == shadow && Tensor.rand([2]).device == shadow)
            withDevice(.meta) { #expect(Tensor.ones([3]).device == .meta) }
            #expect(Device.default == shadow)
        }
        #expect(Device.default == outer)
        withDevice(shadow) {
            // Of this thread alone.
            #expect(Device.default == shadow)
        }
        await Task.detached { #expect(Device.default == outer) }.value
    }

    @Test func creationTakesADevice() {
        let made: [Tensor] = [
            .zeros([2, 2], device: shadow), .ones(3, device: shadow), .full([2], 7, device: shadow),
            .empty([2], device: shadow), .arange(4, device: shadow), .arange(0, 1, step: 0.25, device: shadow),
            .linspace(0, 1, count: 3, device: shadow), .logspace(0, 2, count: 3, device: shadow),
            .eye(3, device: shadow), .rand([2], device: shadow), .randn([2], device: shadow),
            .randint(0..<4, [2], device: shadow), .bernoulli([2], probability: 0.5, device: shadow),
            .exponential([2], device: shadow), .randperm(3, device: shadow), Tensor([[1, 2]], device: shadow),
            Tensor([1.0, 2], shape: [2, 1], device: shadow), .oneHot(Tensor([1, 0], device: shadow), classes: 3),
            .make([2], .float32, device: shadow) { $0.initializeMemory(as: UInt8.self, repeating: 0) },
        ]
        for tensor in made { #expect(tensor.device == shadow) }
        for tensor in made { #expect(Tensor.zeros(like: tensor).device == shadow) }
        #expect(made[4].array(of: Int.self) == [0, 1, 2, 3])
    }

    @Test func theSameNumbersComeFromASeedOnEveryDevice() {
        func draw(_ device: Device) -> [Float] {
            Tensor.randn([100], device: device, generator: Generator(seed: 3)).array(of: Float.self)
        }
        #expect(draw(.cpu) == draw(shadow))
    }

    @Test func transfersThereAndBackWithTheGradient() {
        let x = Tensor([1.0, 2, 3], device: .cpu).requiringGrad()
        let there = x.to(shadow)
        #expect(there.device == shadow && there.cpu().array(of: Float.self) == [1, 2, 3])
        (there * there).sum().backward()
        #expect(x.grad?.device == .cpu)
        #expect(x.grad?.array(of: Float.self) == [2, 4, 6])
        #expect(x.to(.cpu).isIdentical(to: x))
        // Views and empty tensors too.
        let turned = Tensor([[1, 2], [3, 4]], device: .cpu).t()
        #expect(turned.to(shadow).array(of: Int.self) == [1, 3, 2, 4])
        #expect(Tensor.zeros([0, 3], device: .cpu).to(shadow).shape == [0, 3])
        #expect(Tensor(2.5, device: .cpu).to(shadow).item() == 2.5)
        #expect(x.to(.meta).device == .meta)
    }

    @Test func operandsOnTwoDevicesAreRefusedWithBothNames() {
        let (x, y) = (Tensor.ones([2], device: .cpu), Tensor.ones([2], device: shadow))
        for mistake in [{ _ = x + y }, { _ = Tensor.cat([x, x, x, y]) }, { _ = Tensor.where(x > 0, y, y) }] {
            let error = #expect(throws: ShapeError.self) { try checkShapes(mistake) }
            #expect(error?.rule.contains("'cpu'") == true && error?.rule.contains("'shadow:0'") == true)
        }
        // A tensor without elements goes with all.
        #expect((Tensor.meta([2]) * y).device == .meta)
    }

    @Test func tensorsOnMetaCannotComeBack() {
        #expect(throws: ShapeError.self) { try checkShapes { Tensor.meta([2]).to(.cpu) } }
    }

    @Test func followingShapesDrawsNoNumbers() {
        let generator = Generator(seed: 1)
        let before = generator.state
        _ = Tensor.rand([5], device: .meta, generator: generator)
        _ = Tensor.meta([5]).dropout(0.5, generator: generator)
        #expect(generator.state == before)
    }

    @Test func nobodyReadsTheShadowsMemoryDirectly() async {
        await #expect(processExitsWith: .failure) {
            let x = Tensor.ones([1], device: Shadow.device)
            print(x.pointer.load(as: Float.self))
        }
    }

    @Test func writesInPlaceAndThroughViews() {
        var x = Tensor.zeros([2, 3], device: shadow)
        x[0] = Tensor([1.0, 2, 3], device: shadow)
        x.fill(5, at: 1, 0..<2)
        x += Tensor.ones([2, 3], device: shadow)
        #expect(x.array(of: Float.self) == [2, 3, 4, 6, 6, 1])
        #expect("\(x)" == "\(x.cpu())")
    }
}
