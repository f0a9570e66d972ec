import Testing
import Topology

@testable import Workers

@Suite struct ArrayKindTests {
  private func fill<Element: SharedElement>(
    _ function: ElementFunction, count: Int, replicas: Int, type: ElementType, as: Element.Type
  ) throws -> [Element] {
    let elements = UnsafeMutableBufferPointer<Element>.allocate(capacity: count)
    defer { elements.deallocate() }
    for replica in 1...replicas {
      let slice = ReplicaSlice(of: UInt64(count), replica: replica, replicas: replicas)
      var filling = Filling(function: function, slice: slice, type: type)
      try filling.visit(elements)
    }
    return Array(elements)
  }

  /// Seen to fail: positions counted from the slice's start.
  @Test(arguments: [1, 2, 3]) func fillsWithPowersOfThePosition(_ replicas: Int) throws {
    #expect(
      try fill(.power(2, from: 1), count: 4, replicas: replicas, type: .int32, as: Int32.self) == [1, 4, 9, 16])
    #expect(
      try fill(.power(3, from: -1), count: 3, replicas: replicas, type: .float64, as: Double.self) == [-1, 0, 1])
    #expect(
      try fill(.constant(.int(1)), count: 3, replicas: replicas, type: .bool, as: Bool.self) == [true, true, true])
  }

  /// Seen to fail: the same.
  @Test func randomElementsDoNotDependOnTheReplicas() throws {
    let function = ElementFunction.random(below: 6, seed: 42)
    let alone = try fill(function, count: 600, replicas: 1, type: .uint8, as: UInt8.self)
    #expect(try fill(function, count: 600, replicas: 7, type: .uint8, as: UInt8.self) == alone)
    #expect(Set(alone) == Set(0..<6))
  }

  /// Seen to fail: elements named from 0.
  @Test func namesTheElementThatANumberDoesNotFit() {
    let failure = #expect(throws: KindFailure.self) {
      try fill(.power(2, from: 10), count: 4, replicas: 1, type: .int8, as: Int8.self)
    }
    #expect(
      failure?.description.hasPrefix("144 can't be stored in element 3 of the array, which is of type int8") == true)
    #expect(throws: KindFailure.self) {
      try fill(.constant(.float(0.5)), count: 1, replicas: 1, type: .int64, as: Int64.self)
    }
    #expect(throws: KindFailure.self) {
      try fill(.constant(.float(1e300)), count: 1, replicas: 1, type: .float32, as: Float.self)
    }
  }

  /// Seen to fail: all elements taken.
  @Test func reducesASlice() throws {
    let elements = UnsafeMutableBufferPointer<Int16>.allocate(capacity: 5)
    defer { elements.deallocate() }
    _ = elements.initialize(from: [5, -3, 7, 2, 100])
    var reducing = Reducing(state: Summation(), indices: 1..<4)
    try reducing.visit(elements)
    #expect(try reducing.state.result() == .int(6))
  }

  /// Seen to fail: a float32 written as a float64.
  @Test func printsElementsInTheirShortestForm() {
    #expect(Float(0.1).text == "0.1")
    #expect(true.text == "true")
    #expect(UInt64.max.text == "18446744073709551615")
  }
}
