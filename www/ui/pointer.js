// What a pointer did between two events.

/**
 * Where the pointer has been since the event before: a busy page is told of several moves by one event.
 * @param {PointerEvent} event
 * @returns {PointerEvent[]} at least the event itself
 */
export function allMoments(event) {
  const coalesced = event.getCoalescedEvents?.() ?? [];
  return coalesced.length > 0 ? coalesced : [event];
}
