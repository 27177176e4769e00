/**
 * The result of `promise`, if it settles within so many seconds: on a busy host a step may take long, and none may hold up the run
 * for ever.
 *
 * @param what the step, as the subject of the error: `the restart of the balancer`
 * @throws {Error} it has not settled by then
 */
export async function within<Value>(
  seconds: number,
  what: string,
  promise: Promise<Value>,
): Promise<Value> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => late.reject(new Error(`${what} has taken more than ${seconds} s`)),
    seconds * 1000,
  )
  try {
    return await Promise.race([promise, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
