import { type LiveColumns, liveCourse } from './live-course.ts'
import type { LiveHead, LiveMessage, LiveTrial } from './live-message.ts'

/** What a page is sent: it replaces everything from `from` on by the columns and rows that follow. */
export interface LiveUpdate {
  readonly head?: LiveHead | undefined
  readonly course?: { readonly from: number; readonly columns: LiveColumns } | undefined
  readonly trials?: { readonly from: number; readonly rows: readonly LiveTrial[] } | undefined
}

/** All that is known of a run, for pages that are opened at any time. */
interface LiveState {
  add(message: LiveMessage): void
  /** Everything so far: for a page that was just opened. */
  past(): LiveUpdate
  /** What is new since the last call; undefined where nothing is. */
  news(): LiveUpdate | undefined
}

/** Cells of the course, and trials, at most. */
const [maxCells, maxTrials] = [1500, 3000]

/** Nothing yet of a run, whose course has cells of so many seconds at first. `now`: milliseconds. */
export function liveState(
  cellSeconds: number,
  now: () => number = () => performance.now(),
): LiveState {
  const course = liveCourse(cellSeconds, maxCells)
  const trials: LiveTrial[] = []
  let head: { readonly value: LiveHead; readonly atMs: number } | undefined
  let isHeadNew = false
  let sentTrials = 0

  /** The head as of now: the page's clock goes on from it. */
  const current = (): LiveHead | undefined => {
    if (head === undefined) return undefined
    const { value, atMs } = head
    if (value.state === 'ended') return value
    const passed = (now() - atMs) / 1e3
    return {
      ...value,
      elapsed: value.elapsed + passed,
      ...(value.left !== undefined && { left: Math.max(0, value.left - passed) }),
    }
  }
  const courseFrom = (from: number) => ({ from, columns: course.columns(from) })
  const trialsFrom = (from: number) => ({ from, rows: trials.slice(from) })

  return {
    add(message) {
      if (message.head !== undefined) {
        head = { value: message.head, atMs: now() }
        isHeadNew = true
      }
      for (const point of message.points ?? []) course.add(point)
      for (const trial of message.trials ?? []) if (trials.length < maxTrials) trials.push(trial)
    },
    past: () => ({ head: current(), course: courseFrom(0), trials: trialsFrom(0) }),
    news() {
      const from = course.changedFrom()
      const update: LiveUpdate = {
        ...(isHeadNew && { head: current() }),
        ...(from !== undefined && { course: courseFrom(from) }),
        ...(sentTrials < trials.length && { trials: trialsFrom(sentTrials) }),
      }
      isHeadNew = false
      sentTrials = trials.length
      return Object.keys(update).length === 0 ? undefined : update
    },
  }
}
