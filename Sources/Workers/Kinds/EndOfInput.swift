/// For kinds that answer at their end: an answer from part of the items would be wrong, so it is refused unless the
/// file says `partial: true`. Call it after the input has ended.
func requireWholeInput(_ inlet: Inlet, partial: Bool) throws {
  if inlet.endedByFailure && !partial {
    throw KindFailure(
      "the input is incomplete, since a process that writes it has failed: no answer is given. "
        + "Repair that process, or accept the answer for the items that came by 'with: {partial: true}'")
  }
}
