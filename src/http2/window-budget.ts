import { defaultWindow } from './settings.ts'

/**
 * The bytes by which the receive windows of several connections may exceed the default together. It bounds the unread
 * data of all of them, whatever their number of streams.
 */
export interface WindowBudget {
  left: number
}

/** The share of the remaining budget that one connection may take: the later ones get less, but always something. */
const shareOfRest = 0.25

/** A budget of `bytes`. */
export function newWindowBudget(bytes: number): WindowBudget {
  return { left: bytes }
}

/** The size that the window of a connection should have, of at most `max` bytes. `size`: its present size. */
export function fairSize({ left }: WindowBudget, size: number, max: number): number {
  const rest = left + size - defaultWindow
  return defaultWindow + Math.floor(Math.min(max - defaultWindow, rest * shareOfRest))
}

/** Accounts for a window whose size has changed. */
export function chargeWindow(budget: WindowBudget, from: number, to: number): void {
  budget.left -= to - from
}
