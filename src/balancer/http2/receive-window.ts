/**
 * How much the peer may send on a stream or on a connection: RFC 9113, section 5.2. The bytes that it may still
 * send, and those that it sent and nobody consumed yet, are together never more than `size`.
 */
export interface ReceiveWindow {
  /** Bytes that the peer may still send. */
  available: number
  /** Bytes that came and were not consumed. */
  unread: number
  size: number
}

/** A window of `size` bytes, all of which the peer may send. */
export function newReceiveWindow(size: number): ReceiveWindow {
  return { available: size, unread: 0, size }
}

/** Counts bytes of a DATA frame; false where the peer was not allowed to send so many. */
export function takeReceived(window: ReceiveWindow, bytes: number): boolean {
  if (bytes > window.available) return false
  window.available -= bytes
  window.unread += bytes
  return true
}

/** The part of a window that must be free before the peer hears of it, so that updates are few. */
const updateShare = 0.5

/**
 * Takes the increment of a WINDOW_UPDATE, or 0 where it is not worth one yet. Where all that came was consumed at
 * once, the window doubles, up to `maxSize`: then the window, not the reader, limits the rate of the peer on a
 * path with a long round trip, and a slow reader never holds more than the size at which it fell behind.
 */
export function takeIncrement(window: ReceiveWindow, maxSize: number): number {
  let free = window.size - window.unread - window.available
  if (free <= 0 || free < window.size * updateShare) return 0
  if (window.unread === 0 && window.size < maxSize) {
    const grown = Math.min(2 * window.size, maxSize)
    free += grown - window.size
    window.size = grown
  }
  window.available += free
  return free
}
