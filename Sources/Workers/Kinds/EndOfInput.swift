/// After the end of `inlet`, for a kind that answers at the end: fails where a writer failed, unless the file asks for
/// a `partial` answer.
func requireWholeInput(_ inlet: Inlet, partial: Bool) throws {
  guard inlet.endedByFailure && !partial else { return }
  throw KindFailure(
    "the input is incomplete, a process that writes to it failed: no answer rather than a wrong one",
    help: "`with: {partial: true}` answers from what came")
}
