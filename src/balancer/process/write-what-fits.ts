import { writeSync } from 'node:fs'

/** A standard stream of this process. */
type StandardStream = NodeJS.WriteStream & { readonly fd: number }

/**
 * Has a process that serves write to a standard stream as far as that takes it: text that does not fit, because the disk is full or the
 * reader of a pipe has gone or stands still, is lost. Node would close the stream, and `lb` ends other commands.
 */
export function writeWhatFits(stream: StandardStream): void {
  const write = (text: string | Uint8Array, ...others: unknown[]): boolean => {
    writeAll(stream.fd, Buffer.from(text))
    const done = others.at(-1)
    if (typeof done === 'function') process.nextTick(done)
    return true
  }
  stream.write = write as typeof stream.write
}

function writeAll(fd: number, bytes: Buffer): void {
  let wrote = 0
  try {
    while (wrote < bytes.length) wrote += writeSync(fd, bytes, wrote)
  } catch {
    // The rest does not fit.
  }
}
