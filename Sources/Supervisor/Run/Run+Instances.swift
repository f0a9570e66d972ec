extension Run {
  /// `nil`: nobody is there, or a courier.
  func instance(ofWorker worker: Int) -> Instance? {
    // As it mostly is: the instances of the start have the first places, in their order.
    if instances.indices.contains(worker), instances[worker].index == worker { return instances[worker] }
    return instances.first { $0.index == worker }
  }
}
