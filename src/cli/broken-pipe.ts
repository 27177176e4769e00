import { exitCodes } from '../kit/exit-codes.ts'

/**
 * Lets a reader leave early, such as `head`: what is written after it left goes nowhere, and the command
 * ends as it would have. Without this, oclif waits for a drain that never comes. What cannot be written for
 * another reason, such as a full disk, ends the command with one line on standard error.
 */
export function tolerateBrokenPipe(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      if (stream === process.stdout) {
        process.stderr.write(
          `lb: cannot write standard output (${error.code}): make room, or send it elsewhere\n`,
        )
      }
      process.exit(exitCodes.usage)
    }
    stream.write = nowhere as typeof stream.write
    stream.emit('drain')
  })
}

function nowhere(...given: unknown[]): boolean {
  const done = given.at(-1)
  if (typeof done === 'function') process.nextTick(done)
  return true
}
