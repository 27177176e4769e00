import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/** Bytes read from the end of a log: enough for a stack trace, whatever its length. */
const window = 4096

/** Of a stack trace only what it is about is worth a line. */
const frame = /^(at .*|Node\.js v.*|[\^~{}]*)$/

/** The last lines of a log file that say something, oldest first; none where there is no such file. */
export function logTail(file: string, lines = 8): string[] {
  let opened: number | undefined
  try {
    opened = openSync(file, 'r')
    const start = Math.max(0, fstatSync(opened).size - window)
    const text = Buffer.alloc(window)
    const read = readSync(opened, text, 0, window, start)
    return text
      .toString('utf8', 0, read)
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => !frame.test(line))
      .slice(-lines)
  } catch {
    return []
  } finally {
    if (opened !== undefined) closeSync(opened)
  }
}
