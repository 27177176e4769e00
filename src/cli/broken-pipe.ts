/**
 * Lets a reader leave early, such as `head`: what is written after it left goes nowhere, and the command
 * ends as it would have. Without this, oclif waits for a drain that never comes.
 */
export function tolerateBrokenPipe(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    stream.write = nowhere as typeof stream.write
    stream.emit('drain')
  })
}

function nowhere(...given: unknown[]): boolean {
  const done = given.at(-1)
  if (typeof done === 'function') process.nextTick(done)
  return true
}
