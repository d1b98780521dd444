import Synchronization
import Testing

import HearthTensor

@Suite struct CPUTeamTests {
    @Test func coversEveryIndexOnce() {
        for count in [0, 1, 7, 1000, 100_003] {
            let counts = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: count)
            counts.initialize(repeating: 0)
            Team.shared.parallel(count, grain: 10) { range in
                // A loop inside a loop runs on the thread that meets it.
                Team.shared.parallel(range.count, grain: 1) { inner in
                    for i in inner { counts[range.lowerBound + i] += 1 }
                }
            }
            #expect(counts.allSatisfy { $0 == 1 })
            counts.deallocate()
        }
    }

    @Test func servesManyThreadsAtOnce() async {
        let total = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let sum = Atomic<Int>(0)
                    for _ in 0..<200 {
                        Team.shared.parallel(1000, grain: 100) { sum.wrappingAdd($0.count, ordering: .relaxed) }
                    }
                    return sum.load(ordering: .relaxed)
                }
            }
            return await group.reduce(0, +)
        }
        #expect(total == 8 * 200 * 1000)
    }

    @Test func listsWhatWasFound() {
        for library in NativeLibrary.all {
            #expect(library.isFound == (library.path != nil))
            #expect(library.isFound || library.problem != nil)
        }
        #expect(Threads.count >= 1)
    }

    @Test func allocatorReusesAndCounts() {
        let allocator = CachingAllocator(bound: 1 << 20)
        for size in [0, 1, 64, 65, 80, 81, 100, 1000, 4096, 100_000] {
            let block = allocator.allocate(size)
            #expect(UInt(bitPattern: block) % 64 == 0)
            block.initializeMemory(as: UInt8.self, repeating: 1, count: size)
            allocator.release(block, size)
            #expect(allocator.allocate(size) == block)
            allocator.release(block, size)
        }
        #expect(allocator.statistics.inUse == 0)
        #expect(allocator.statistics.reuses >= 10)
        // Larger than the bound: nothing is kept.
        let cached = allocator.statistics.cached
        allocator.release(allocator.allocate(5 << 20), 5 << 20)
        #expect(allocator.statistics.cached == cached)
        allocator.empty()
        #expect(allocator.statistics.cached == 0)
    }

    @Test func allocatorServesManyThreads() async {
        let allocator = CachingAllocator()
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<4 {
                group.addTask {
                    for round in 0..<20_000 {
                        let size = 8 << (round % 8)
                        let block = allocator.allocate(size)
                        block.storeBytes(of: task, as: Int.self)
                        #expect(block.load(as: Int.self) == task)
                        allocator.release(block, size)
                    }
                }
            }
        }
        #expect(allocator.statistics.inUse == 0)
        allocator.empty()
    }
}
