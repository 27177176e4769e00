import { type PreciseTimer, preciseTimer } from '../kit/precise-timer.ts'

/** Tasks at future times, run in the order in which they are due. */
export interface TimerQueue {
  /** Runs `task` at `atMs` of `performance.now()` or soon after. */
  add(atMs: number, task: () => void): void
  close(): Promise<void>
}

/** A binary heap of tasks with one precise timer, whose thread starts with the first task. */
export function timerQueue(): TimerQueue {
  const due: number[] = []
  const tasks: (() => void)[] = []
  let timer: PreciseTimer | undefined

  const swap = (a: number, b: number): void => {
    const dueA = due[a] as number
    const taskA = tasks[a] as () => void
    due[a] = due[b] as number
    tasks[a] = tasks[b] as () => void
    due[b] = dueA
    tasks[b] = taskA
  }
  const before = (a: number, b: number): boolean => (due[a] as number) < (due[b] as number)

  const siftUp = (from: number): void => {
    let child = from
    while (child > 0) {
      const parent = (child - 1) >> 1
      if (!before(child, parent)) return
      swap(child, parent)
      child = parent
    }
  }
  const siftDown = (): void => {
    let parent = 0
    for (;;) {
      let first = parent
      for (const child of [2 * parent + 1, 2 * parent + 2]) {
        if (child < due.length && before(child, first)) first = child
      }
      if (first === parent) return
      swap(first, parent)
      parent = first
    }
  }
  const takeFirst = (): (() => void) => {
    swap(0, due.length - 1)
    due.pop()
    const task = tasks.pop() as () => void
    siftDown()
    return task
  }
  const runDue = (nowMs: number): void => {
    while (due.length > 0 && (due[0] as number) <= nowMs) takeFirst()()
    if (due.length > 0) timer?.set(due[0] as number)
  }

  return {
    add(atMs, task) {
      timer ??= preciseTimer(runDue)
      due.push(atMs)
      tasks.push(task)
      siftUp(due.length - 1)
      if (due[0] === atMs) timer.set(atMs)
    },
    async close() {
      due.length = 0
      tasks.length = 0
      await timer?.close()
    },
  }
}
