extension Run {
  func get(_ request: GetRequest, _ session: ControlSession) {
    do throws(Refusal) {
      let index = try resource(request.resource)
      if let elements = try elements(request, of: index) { return session.reply(.elements(elements)) }
      throw wrongSort(index, "'mporch get' reads values, arrays and external queues")
    } catch {
      session.reply(.refused(error))
    }
  }

  func put(into name: String, patienceSeconds: Double?, _ session: ControlSession) {
    session.reply(.refused(unknownResource(name)))
  }
}
