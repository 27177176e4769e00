/**
 * Shares the result of `make` among all who ask for it in one turn of the event loop, so that its cost does not grow with
 * the number of requests that come together. It is called at the end of the turn: no result is older than the request for it.
 *
 * @param pauseMs milliseconds between two calls: all who ask meanwhile wait, and share the next result
 */
export function oncePerTurn<Value>(make: () => Promise<Value>, pauseMs = 0): () => Promise<Value> {
  let next: Promise<Value> | undefined
  let madeMs = Number.NEGATIVE_INFINITY
  return () => {
    next ??= new Promise((resolve) => {
      const makeNext = () => {
        next = undefined
        madeMs = performance.now()
        resolve(make())
      }
      const waitMs = madeMs + pauseMs - performance.now()
      if (waitMs > 0) setTimeout(makeNext, waitMs)
      else setImmediate(makeNext)
    })
    return next
  }
}
