/** Values by the time at which they are due; both operations in logarithmic time, without garbage. */
export interface TimerHeap<Value> {
  push(dueMs: number, value: Value): void
  /** Removes the value that is due first; only where there is one. */
  pop(): Value
  /** When the first is due; infinite when empty. */
  readonly nextMs: number
  readonly size: number
}

/** An empty binary heap (Williams 1964). */
export function timerHeap<Value>(): TimerHeap<Value> {
  const times: number[] = []
  const values: Value[] = []

  const swap = (i: number, j: number): void => {
    const [time, value] = [times[i] as number, values[i] as Value]
    times[i] = times[j] as number
    values[i] = values[j] as Value
    times[j] = time
    values[j] = value
  }
  const sink = (): void => {
    let at = 0
    for (;;) {
      const left = 2 * at + 1
      const right = left + 1
      let first = at
      if (left < times.length && (times[left] as number) < (times[first] as number)) first = left
      if (right < times.length && (times[right] as number) < (times[first] as number)) first = right
      if (first === at) return
      swap(at, first)
      at = first
    }
  }

  return {
    push(dueMs, value) {
      let at = times.push(dueMs) - 1
      values.push(value)
      while (at > 0) {
        const parent = (at - 1) >> 1
        if ((times[parent] as number) <= (times[at] as number)) return
        swap(at, parent)
        at = parent
      }
    },
    pop() {
      swap(0, times.length - 1)
      times.pop()
      const value = values.pop() as Value
      sink()
      return value
    },
    get nextMs() {
      return times[0] ?? Number.POSITIVE_INFINITY
    },
    get size() {
      return times.length
    },
  }
}
