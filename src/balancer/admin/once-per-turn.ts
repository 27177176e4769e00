/**
 * Shares the result of `make` among all who ask for it in one turn of the event loop, so that its cost does not grow with
 * the number of requests that come together. It is called at the end of the turn: no result is older than the request for it.
 */
export function oncePerTurn<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let next: Promise<Value> | undefined
  return () => {
    next ??= new Promise((resolve) => {
      setImmediate(() => {
        next = undefined
        resolve(make())
      })
    })
    return next
  }
}
