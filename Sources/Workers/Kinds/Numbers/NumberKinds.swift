/// The kinds that work on numbers.
enum NumberKinds {
  static var all: [any Kind.Type] {
    [
      RangeKind.self,
      SumKind.self, CountKind.self, MinKind.self, MaxKind.self, MeanKind.self,
      FillKind.self, ScanKind.self, ReduceKind.self,
      IncrementKind.self,
      PrimesKind.self, MonteCarloPiKind.self, MandelbrotKind.self, SortKind.self,
    ]
  }
}
