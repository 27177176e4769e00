import { exitCodes } from '../kit/exit-codes.ts'

/**
 * Tolerates a reader that closes the pipe early, such as `head`: later writes are discarded, and the command
 * ends as it would have. Without this, oclif waits for a `drain` event that never comes. Any other write error,
 * such as a full disk, ends the command with one line on standard error.
 */
export function tolerateBrokenPipe(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      if (stream === process.stdout) {
        process.stderr.write(
          `lb: cannot write to standard output (${error.code}): free disk space, or redirect the output elsewhere\n`,
        )
      }
      process.exit(exitCodes.usage)
    }
    stream.write = discard as typeof stream.write
    stream.emit('drain')
  })
}

function discard(...args: unknown[]): boolean {
  const done = args.at(-1)
  if (typeof done === 'function') process.nextTick(done)
  return true
}
