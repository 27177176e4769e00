import { type PreciseTimer, preciseTimer } from '../kit/precise-timer.ts'

/** Things to do at moments to come, done in the order in which they are due. */
export interface TimerQueue {
  /** Calls `task` at `atMs` or soon after. Milliseconds of `performance.now()`. */
  add(atMs: number, task: () => void): void
  close(): Promise<void>
}

/** An agenda kept by one alarm, whose thread is started with the first entry. A binary heap inside. */
export function timerQueue(): TimerQueue {
  const due: number[] = []
  const tasks: (() => void)[] = []
  let clock: PreciseTimer | undefined

  const swap = (a: number, b: number): void => {
    const at = due[a] as number
    const task = tasks[a] as () => void
    due[a] = due[b] as number
    tasks[a] = tasks[b] as () => void
    due[b] = at
    tasks[b] = task
  }
  const before = (a: number, b: number): boolean => (due[a] as number) < (due[b] as number)

  const rise = (from: number): void => {
    let child = from
    while (child > 0) {
      const parent = (child - 1) >> 1
      if (!before(child, parent)) return
      swap(child, parent)
      child = parent
    }
  }
  const sink = (): void => {
    let parent = 0
    for (;;) {
      let least = parent
      for (const child of [2 * parent + 1, 2 * parent + 2]) {
        if (child < due.length && before(child, least)) least = child
      }
      if (least === parent) return
      swap(least, parent)
      parent = least
    }
  }
  const takeFirst = (): (() => void) => {
    swap(0, due.length - 1)
    due.pop()
    const task = tasks.pop() as () => void
    sink()
    return task
  }
  const ring = (nowMs: number): void => {
    while (due.length > 0 && (due[0] as number) <= nowMs) takeFirst()()
    if (due.length > 0) clock?.set(due[0] as number)
  }

  return {
    add(atMs, task) {
      clock ??= preciseTimer(ring)
      due.push(atMs)
      tasks.push(task)
      rise(due.length - 1)
      if (due[0] === atMs) clock.set(atMs)
    },
    async close() {
      due.length = 0
      tasks.length = 0
      await clock?.close()
    },
  }
}
