/**
 * A receive window of a stream or a connection: RFC 9113, section 5.2. The bytes that the peer may still send and
 * the bytes that are unread are together never more than `size`.
 */
export interface ReceiveWindow {
  /** Bytes that the peer may still send. */
  available: number
  /** Bytes that were received and not consumed yet. */
  unread: number
  size: number
}

/** A window of `size` bytes, all of which the peer may send. */
export function newReceiveWindow(size: number): ReceiveWindow {
  return { available: size, unread: 0, size }
}

/** Counts bytes of a DATA frame. Returns false if the window does not allow them. */
export function takeReceived(window: ReceiveWindow, bytes: number): boolean {
  if (bytes > window.available) return false
  window.available -= bytes
  window.unread += bytes
  return true
}

/** The share of a window that must be consumed before a WINDOW_UPDATE is sent, to keep their number small. */
const updateShare = 0.5

/** The size that a window should have. */
export interface WindowTarget {
  /** In bytes. More than the size: the window grows, if no data is unread. Less: it shrinks as data is consumed. */
  readonly size: number
  /** Consumed bytes from which on a window grows. Default: half of it. */
  readonly growsAfter?: number
}

/**
 * Returns the increment for a WINDOW_UPDATE, or 0 if none is due. A window grows only while no data is unread: then
 * the window and not the consumer limits the rate on a path with a long round-trip time. A slow consumer never holds
 * more bytes than the size that the window had when the consumer fell behind.
 */
export function takeIncrement(window: ReceiveWindow, target: WindowTarget): number {
  const { size, unread, available } = window
  let free = size - unread - available
  const half = size * updateShare
  const grows = unread === 0 && target.size > size
  if (free <= 0 || free < (grows ? Math.min(target.growsAfter ?? half, half) : half)) return 0
  if (grows || target.size < size) {
    window.size = Math.max(target.size, size - free)
    free += window.size - size
  }
  window.available += free
  return free
}
