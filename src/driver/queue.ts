/** First in, first out, both in constant time. */
export interface Queue<Value> {
  push(value: Value): void
  /** The oldest, or undefined. */
  shift(): Value | undefined
  readonly size: number
}

/** Taken values that are kept before the array is cut; half of it at least is then gone. */
const mostTaken = 1024

/** An empty queue. `Array.shift` moves all the rest, which a long queue cannot afford. */
export function queue<Value>(): Queue<Value> {
  let values: Value[] = []
  let taken = 0
  return {
    push: (value) => void values.push(value),
    shift() {
      if (taken === values.length) return undefined
      const value = values[taken++]
      if (taken > mostTaken && 2 * taken > values.length) {
        values = values.slice(taken)
        taken = 0
      }
      return value
    },
    get size() {
      return values.length - taken
    },
  }
}
